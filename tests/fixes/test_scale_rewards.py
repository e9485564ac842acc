from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning

FIX = "scale-rewards"
LARGE = {"reward_mean": flat(2e5), "episode_length": flat(200)}
"""1000 a step: returns of about 64,000."""


def test_brings_the_returns_to_one() -> None:
    edit = check_proposes(FIX, learning(**LARGE))
    assert edit.name == "reward_scale"
    assert 1 / edit.value == pytest.approx(6.4e4, rel=0.1)


def test_multiplies_the_factor_that_is_there() -> None:
    once, twice = (check_proposes(FIX, learning({"reward_scale": x}, **LARGE)).value for x in (1.0, 0.1))
    assert twice == pytest.approx(once / 10)


@pytest.mark.parametrize("switch", ["adaptive_reward_scaling", "learnable_component_weights"])
def test_refused_when_something_depends_on_the_unit(switch: str) -> None:
    assert switch in check_refuses(FIX, learning({switch: True}, **LARGE))


def test_refused_with_a_reward_clip() -> None:
    assert "reward_clip" in check_refuses(FIX, learning({"reward_clip": 10.0}, **LARGE))


@pytest.mark.parametrize("on", [False, None])
def test_refused_when_advantages_keep_the_unit(on: bool | None) -> None:
    assert "standardised" in check_refuses(FIX, learning({"normalize_advantage": on}, **LARGE))


def test_refused_when_rewards_are_zero() -> None:
    assert "zero" in check_refuses(FIX, learning(reward_mean=flat(0.0)))
