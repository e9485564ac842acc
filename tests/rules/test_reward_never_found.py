from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "reward-never-found"


@pytest.mark.parametrize("level", [-200.0, 0.0])
def test_finds_a_task_that_never_paid(level: float) -> None:
    found = check_finds(RULE, not_learning(reward_mean=flat(level), episode_length=flat(200.0)))
    assert found.rank == 1
    assert f"exactly {level:g}" in found.message


def test_one_lucky_update_changes_nothing() -> None:
    lucky = flat(-200.0, 40)
    lucky[7] = -198.0
    check_finds(RULE, not_learning(reward_mean=lucky))


def test_silent_when_the_reward_is_found_in_the_end() -> None:
    check_clear(RULE, learning(reward_mean=np.concatenate([flat(-200.0, 15), [-190.0, -180, -170, -160, -150]])))


def test_silent_when_a_solved_task_pays_alike() -> None:
    """H15: CartPole at 500 from the first update of a resumed run."""
    check_clear(RULE, learning(reward_mean=flat(500.0)))


def test_silent_when_rewards_vary_a_little() -> None:
    check_clear(RULE, not_learning(reward_mean=-200 + np.arange(20) % 3 * 0.01))


def test_silent_in_a_run_of_a_few_updates() -> None:
    check_clear(RULE, learning(reward_mean=flat(0.0, 7)))


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, learning(reward_mean=None))
