"""The probability of a cause: what moves it, in which direction, and when there is none."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from rundoctor.confidence import MODEL, Signs, confidence, probability, signs
from rundoctor.diagnosis import all_rules
from rundoctor.model import Diagnosed, Evidence, Severity

RULE = "learning-rate-too-high"


def cause(*observed: float, rule: str = RULE, rank: int = 1) -> Diagnosed:
    evidence = tuple(Evidence(claim="c", observed=one, relation=">", limit=1.0) for one in observed)
    return Diagnosed(rule=rule, severity=Severity.ERROR, message="m", evidence=evidence, rank=rank)


def test_signs_are_read_off_the_cause() -> None:
    assert signs(cause(10.0, 1.0), 0.75) == pytest.approx((0.75, 1.0, math.log(3)))
    assert signs(cause(1.0, 1.0, rank=2), 0.5) == (0.5, 0.0, 0.0)
    assert signs(cause(), 0.5) == (0.0, 1.0, 0.0)


def test_probability_is_the_logistic_function() -> None:
    assert probability(Signs(0.5, 1.0, 0.0), -2.0, [2.0, 1.0, 9.0]) == 0.5
    assert probability(Signs(1.0, 0.0, 1.0), 0.0, [math.log(2), 0.0, math.log(1.5)]) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (cause(30.0), cause(2.0)),
        (cause(3.0), cause(3.0, rank=2)),
        (cause(1.5, rule="returns-not-normalized"), cause(1.5, rule="learning-rate-too-high")),
    ],
    ids=["stronger", "first", "record"],
)
def test_a_better_sign_is_a_surer_cause(better: Diagnosed, worse: Diagnosed) -> None:
    surer, less = confidence(better), confidence(worse)
    assert surer is not None
    assert less is not None
    assert 0 < less < surer < 1


def test_a_rule_that_was_never_judged_has_no_probability() -> None:
    assert confidence(cause(10.0, rule="a-rule-of-tomorrow")) is None


def test_the_model_says_where_it_comes_from() -> None:
    model: dict[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    assert set(model["records"]) <= {rule.name for rule in all_rules()}
    assert all(0 < share < 1 for share in model["records"].values())
    assert model["fitted"]["split"] == "tuning"
    assert all(weight >= 0 for weight in model["weights"].values())
