from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, ramp, run

RULE = "no-learning"


def test_finds_a_reward_that_stays_where_it_began() -> None:
    found = check_finds(RULE, run(reward_mean=20 + noise(1.0)))
    assert found.onset == 0
    assert "never rises beyond its noise" in found.message


def test_finds_a_sparse_reward_that_was_never_seen() -> None:
    """Losses can look perfect while nothing is learned."""
    check_finds(RULE, learning(reward_mean=flat(0.0), episode_length=flat(200)))


def test_finds_a_penalty_that_is_always_paid_in_full() -> None:
    check_finds(RULE, learning(reward_mean=flat(-200.0), episode_length=flat(200)))


def test_silent_when_a_solved_task_stays_solved() -> None:
    """H15: at the cap from the start."""
    check_clear(RULE, learning(reward_mean=flat(500), episode_length=flat(500)))


def test_silent_when_a_solved_task_sometimes_ends_early() -> None:
    lengths = np.where(np.arange(20) % 5 == 0, 480.0, 500.0)
    check_clear(RULE, learning(reward_mean=lengths, episode_length=lengths))


def test_silent_when_gains_are_slow_but_steady() -> None:
    check_clear(RULE, run(reward_mean=ramp(0, 1.5) + noise(1.0, seed=3) * 0.4))


def test_silent_when_negative_rewards_rise() -> None:
    """H11: Pendulum."""
    check_clear(RULE, run(reward_mean=ramp(-1500, -150) + noise(50.0)))


def test_silent_when_the_reward_was_once_clearly_higher() -> None:
    once = 20 + noise(0.5)
    once[6:14] += 300
    check_clear(RULE, run(reward_mean=once))


def test_a_rise_that_is_lost_again_counts_from_eight_noises_on() -> None:
    """The noise of one point is 0.38 here: 7.1 and 9.8 of it."""
    rise = np.concatenate([np.zeros(6), np.ones(8), np.zeros(6)])
    check_finds(RULE, run(reward_mean=20 + noise(0.5) + 3.0 * rise))
    check_clear(RULE, run(reward_mean=20 + noise(0.5) + 4.0 * rise))


def test_silent_when_the_plateau_came_early() -> None:
    """H15: a plateau at the optimum."""
    check_clear(RULE, run(reward_mean=np.concatenate([ramp(20, 500, 4), 500 + noise(2.0, 16)])))


def test_skipped_when_the_run_is_too_short_to_tell() -> None:
    assert "7 points" in check_skipped(RULE, run(reward_mean=20 + noise(1.0, 7))).reason
    check_finds(RULE, run(reward_mean=np.tile([21.0, 20.0], 4)))


def test_skipped_where_only_a_maximum_is_logged() -> None:
    check_skipped(RULE, run(reward_best=20 + noise(1.0)))


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, run(value_loss=flat(1.0)))
