from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning, ramp

RULE = "reward-outlier"


def spiked(values: np.ndarray, factor: float) -> np.ndarray:
    return np.where(np.arange(len(values)) == 12, values * factor, values)


def test_finds_a_reward_that_blows_up_the_loss() -> None:
    run = not_learning(reward_mean=spiked(flat(-20.0), 1e3), value_loss=spiked(flat(0.1), 1e6))
    found = check_finds(RULE, run)
    assert (found.rank, found.onset) == (1, 12)


def test_finds_it_where_the_loss_follows_one_update_later() -> None:
    loss = np.roll(spiked(flat(0.1), 1e6), 1)
    check_finds(RULE, not_learning(reward_mean=spiked(flat(-20.0), 1e3), value_loss=loss))


def test_silent_when_the_loss_spikes_at_usual_rewards() -> None:
    check_clear(RULE, not_learning(value_loss=spiked(flat(0.1), 1e6)))


def test_silent_when_the_reward_jumps_and_the_loss_does_not() -> None:
    check_clear(RULE, not_learning(reward_mean=spiked(flat(-20.0), 1e3)))


def test_silent_when_loss_and_reward_grow_together() -> None:
    """H1."""
    check_clear(RULE, learning(reward_mean=ramp(1, 3000), value_loss=ramp(1, 3000) ** 2))


def test_silent_when_a_run_begins_with_large_costs_and_learns_to_avoid_them() -> None:
    falls = np.geomspace(1.0, 1e-3, 20)
    check_clear(RULE, learning(reward_mean=-200 * falls, value_loss=700 * falls**2))


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, learning(value_loss=None))
