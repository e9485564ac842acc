from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, ramp

RULE = "idle-optimum"
IDLE = {"reward_mean": -np.geomspace(33, 0.02, 20), "episode_length": flat(999.0)}


def test_finds_costs_that_went_to_nothing_as_a_hazard() -> None:
    found = check_finds(RULE, learning(**IDLE))
    assert found.rank is None
    assert found.evidence[0].observed < 0.01


def test_silent_when_the_best_still_costs_something() -> None:
    """H11: Pendulum, from -1500 to -150."""
    check_clear(RULE, learning(reward_mean=ramp(-1500, -150), episode_length=flat(200.0)))


def test_silent_when_the_goal_ends_episodes() -> None:
    check_clear(RULE, learning(**IDLE | {"episode_length": ramp(999, 400)}))


def test_silent_when_something_was_earned() -> None:
    check_clear(RULE, learning(**IDLE | {"reward_mean": ramp(-33, 90)}))


def test_skipped_without_episode_lengths() -> None:
    check_skipped(RULE, learning(**IDLE | {"episode_length": None}))
