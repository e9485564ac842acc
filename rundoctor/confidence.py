"""The probability that a cause is right: a logistic function of its signs, fitted on labelled runs.

    confidence = 1 / (1 + exp(-(intercept + sum of weight x sign)))

The last sign is the rule's own record: the log-odds of the share of runs on which it was right. No weight is negative:
stronger evidence, a better rank and a better record never make a cause less likely. Weights and records lie in
``confidence.json``, which ``benchmarks/fit_confidence.py`` writes, with the runs they come from. A rule that on those
runs was neither named nor due has no probability.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rundoctor.model import Diagnosed

MODEL = Path(__file__).with_suffix(".json")
MOST = 0.99
"""Largest probability that is stated: a few hundred runs support no more, nor more than two digits."""


class Signs(NamedTuple):
    """What the probability looks at."""

    strength: float
    """Of the strongest evidence, in [0, 1]."""
    first: float
    """1 where no cause ranks above."""
    record: float
    """Log-odds of the rule's record."""


def signs(cause: Diagnosed, record: float) -> Signs:
    """Read them off a ranked cause; ``record`` is the rule's share of right answers, in (0, 1)."""
    strength = max((evidence.strength for evidence in cause.evidence), default=0.0)
    return Signs(strength, float(cause.rank == 1), math.log(record / (1 - record)))


def confidence(cause: Diagnosed) -> float | None:
    """Return the probability that a ranked cause is right; None for a rule that was not judged in the fit."""
    model = _model()
    record = model["records"].get(cause.rule)
    if record is None:
        return None
    return round(min(probability(signs(cause, record), model["intercept"], model["weights"]), MOST), 2)


def probability(found: Signs, intercept: float, weights: Sequence[float]) -> float:
    """Return the logistic function of the weighted signs, in (0, 1); ``weights`` in the order of ``Signs``."""
    weighted = intercept + sum(weight * sign for weight, sign in zip(weights, found, strict=True))
    return 1 / (1 + math.exp(-weighted))


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    model["weights"] = [model["weights"][name] for name in Signs._fields]
    return model
