from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, ramp

RULE = "reward-no-longer-logged"
FROZEN = np.concatenate([geometric(1.4, 1e-7, 8), flat(1e-7, 12)])


def until(update: int, first: float = 20, last: float = 400) -> np.ndarray:
    """Rewards up to an update, and no rows of it later."""
    return ramp(first, last, update)


def test_finds_a_frozen_policy_whose_episodes_do_not_end() -> None:
    found = check_finds(RULE, learning(reward_mean=until(8), entropy=FROZEN))
    assert found.onset == 7


def test_finds_it_where_later_rows_say_that_there_is_no_number() -> None:
    rewards = np.concatenate([until(8), flat(np.nan, 12)])
    check_finds(RULE, learning(reward_mean=rewards, entropy=FROZEN))


def test_finds_a_reward_that_ends_where_it_has_fallen() -> None:
    check_finds(RULE, learning(reward_mean=until(8, 400, 20)))


def test_silent_when_a_policy_at_its_best_balances_for_ever() -> None:
    check_clear(RULE, learning(reward_mean=until(8)))


def test_silent_when_the_last_episode_is_still_under_way() -> None:
    check_clear(RULE, learning(reward_mean=until(17), entropy=FROZEN))


def test_silent_when_episodes_ended_as_seldom_before() -> None:
    seldom = flat(np.nan)
    seldom[[0, 4, 8, 12]] = [20, 100, 300, 100]
    check_clear(RULE, learning(reward_mean=seldom, entropy=FROZEN))


def test_skipped_when_no_loss_is_logged() -> None:
    logged = ("value_loss", "policy_loss", "entropy", "approx_kl", "explained_variance", "clip_fraction")
    check_skipped(RULE, learning(**dict.fromkeys(logged)))
