from __future__ import annotations

import numpy as np
import pytest

from rundoctor.model import Run
from tests.builders import check_proposes, check_refuses, flat, learning

FIX = "scale-rewards"
LARGE = {"reward_mean": flat(2e5), "episode_length": flat(200), "value_loss": flat(3e9)}
"""1000 a step: returns of about 64,000."""


def raw(settings: dict[str, object] | None = None, **curves: object) -> Run:
    """A run with raw returns of that size."""
    return learning({"normalize_returns": None} | (settings or {}), **LARGE | curves)


def test_brings_the_returns_to_one() -> None:
    edit = check_proposes(FIX, raw())
    assert edit.name == "reward_scale"
    assert 1 / edit.value == pytest.approx(6.4e4, rel=0.1)


def test_multiplies_the_factor_that_is_there() -> None:
    once, twice = (check_proposes(FIX, raw({"reward_scale": x})).value for x in (1.0, 0.1))
    assert twice == pytest.approx(once / 10)


@pytest.mark.parametrize("switch", ["adaptive_reward_scaling", "learnable_component_weights"])
def test_refused_when_something_depends_on_the_unit(switch: str) -> None:
    assert switch in check_refuses(FIX, raw({switch: True}))


def test_refused_with_a_reward_clip() -> None:
    assert "reward_clip" in check_refuses(FIX, raw({"reward_clip": 10.0}))


@pytest.mark.parametrize("on", [False, None])
def test_refused_when_advantages_keep_the_unit(on: bool | None) -> None:
    assert "standardised" in check_refuses(FIX, raw({"normalize_advantage": on}))


def test_refused_when_rewards_are_zero() -> None:
    assert "zero" in check_refuses(FIX, raw(reward_mean=flat(0.0)))


@pytest.mark.parametrize("switch", ["normalize_returns", "normalize_rewards"])
def test_refused_under_normalisation(switch: str) -> None:
    assert f"{switch} (config.yaml:1) divides" in check_refuses(FIX, raw({switch: True}, value_loss=flat(0.3)))


def test_refused_when_the_log_shows_normalised_returns() -> None:
    assert "the log shows" in check_refuses(FIX, raw(value_loss=flat(0.3)))


def test_scales_where_the_log_shows_that_normalisation_has_no_effect() -> None:
    check_proposes(FIX, raw({"normalize_returns": True}))


def test_refused_when_only_maxima_are_logged() -> None:
    assert "best reward" in check_refuses(FIX, raw(reward_mean=None, reward_best=flat(2e5)))


def test_refused_when_rewards_of_both_signs_hide_their_size() -> None:
    assert "both signs" in check_refuses(FIX, raw(reward_mean=np.linspace(-2e5, 2e5, 20)))
