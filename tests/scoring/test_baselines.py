"""What the simpler judge makes of the settings alone."""

from __future__ import annotations

from typing import Any

import pytest
from scoring.baselines import OUTSIDE, SWITCHES, settings_out_of_range

from rundoctor.diagnosis import all_rules
from rundoctor.hyperparameters import HYPERPARAMETERS
from tests.builders import flat, run


def named(**settings: Any) -> list[str]:
    return settings_out_of_range(run(settings, loss=flat(1)))


def test_usual_settings_accuse_nobody() -> None:
    assert named(learning_rate=3e-4, gamma=0.99, ent_coef=0.0, normalize_returns=True) == []


def test_the_farthest_in_decades_comes_first() -> None:
    # one decade above 1e-3, two above 2.5, a factor of 1.8 below 0.9
    assert named(learning_rate=0.01, vf_coef=250.0, gamma=0.5) == [
        "value-weight-too-high",
        "learning-rate-too-high",
        "discount-too-low",
    ]


def test_a_negative_weight_is_farther_than_any_factor() -> None:
    assert named(ent_coef=-0.01, learning_rate=10.0)[0] == "entropy-weight-negative"


def test_switches_come_last() -> None:
    assert named(normalize_returns=False, gae_lambda=0.1) == ["gae-lambda-too-low", "returns-not-normalized"]


@pytest.mark.parametrize(("name", "rule"), [(key[0], rule) for key, rule in (OUTSIDE | SWITCHES).items()])
def test_the_names_exist(name: str, rule: str) -> None:
    assert name in HYPERPARAMETERS
    assert rule in {one.name for one in all_rules()}
