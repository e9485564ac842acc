"""A setting in the config is not the one in force.

What
    The log shows a value that the config denies.

Why
    A key that the code never reads, a flag that a function without callers obeys, an optimiser restored from a
    checkpoint with its own rate: whoever edits that key changes nothing, and every reading of the config misleads.

Evidence
    The config's value and the log's, side by side.

Stays silent
    Values that agree; rates that follow a schedule from the configured value; settings that the log cannot show. A
    normalisation that has no effect is told by returns-not-normalized instead, where that is found.

References
    ray-project/ray#61562: use_kl_loss was offered and not obeyed.
    THUDM/slime#2368: a coefficient that is silently ignored while its metric is logged.
    rl-durotaxis, commits c5f2024 and 0ced73f: normalize_returns in a function that nothing calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.facts.rollout import logged
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule

SHOWN = ("learning_rate", "ent_coef", "clip_range")


class Limits(NamedTuple):
    """Thresholds of this rule."""

    factor: float = 1.5
    """Smallest ratio between the two values; rounding stays below."""
    schedule: float = 0.01
    """Largest change of the logged value within the run; beyond it a schedule is at work, begun who knows where."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "loss-explosion"))
def check(
    run: Run,
    learning_rate: Setting | Missing,
    ent_coef: Setting | Missing,
    clip_range: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    compared = False
    for setting in (learning_rate, ent_coef, clip_range):
        if isinstance(setting, Missing) or setting.implied or not isinstance(setting.value, (int, float)):
            continue
        values, source = logged(run, setting.name)
        compared = compared or len(values) > 0
        if not len(values) or np.ptp(values) > limits.schedule * abs(values[0]):
            continue
        largest = float(values[np.argmax(np.abs(values))])
        if _agree(setting.value, float(values[0]), limits) or _agree(setting.value, largest, limits):
            continue
        yield Finding(
            message=f"{setting.path} says {setting.value:g}, the log shows {values[0]:g} from the start",
            evidence=(
                Evidence(
                    claim=f"{setting.name} in the log; the config says {setting.value:g}",
                    observed=float(values[0]),
                    relation=">" if values[0] > setting.value else "<",
                    limit=float(setting.value),
                    where=f"{setting.where}, {source}",
                ),
            ),
            binding=True,
            about=setting.name,
        )
    if not compared:
        yield Missing(reason="no setting stands in both config and log", log="log learning_rate per update")


def _agree(configured: float, logged: float, limits: Limits) -> bool:
    if configured == logged:
        return True
    small, large = sorted((abs(configured), abs(logged)))
    return configured * logged > 0 and large <= limits.factor * small
