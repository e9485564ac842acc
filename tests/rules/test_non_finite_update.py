from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, component, flat, learning, ramp, run

RULE = "non-finite-update"
NAN_FROM_12 = np.concatenate([flat(0.3, 12), flat(np.nan, 8)])


def test_finds_a_loss_that_stays_not_a_number() -> None:
    found = check_finds(RULE, learning(value_loss=NAN_FROM_12))
    assert (found.onset, found.rank) == (12, 1)
    assert "value_loss is not a finite number from update 12" in found.message


def test_finds_infinity() -> None:
    check_finds(RULE, learning(policy_loss=np.where(np.isnan(NAN_FROM_12), np.inf, 0.1)))


def test_finds_a_run_that_ends_at_its_first_broken_update() -> None:
    last = flat(0.3)
    last[-1] = np.nan
    assert check_finds(RULE, learning(value_loss=last)).onset == 19


def test_names_the_curve_that_breaks_first() -> None:
    later = np.concatenate([flat(0.3, 15), flat(np.nan, 5)])
    assert check_finds(RULE, learning(value_loss=later, entropy=NAN_FROM_12)).message.startswith("entropy")


def test_silent_when_the_next_updates_are_finite_again() -> None:
    once = flat(0.3)
    once[5] = np.nan
    check_clear(RULE, learning(value_loss=once))


def test_silent_when_less_than_half_of_the_updates_are_broken() -> None:
    """H14: the rhythm of logging."""
    gaps = flat(0.3)
    gaps[::3] = np.nan
    check_clear(RULE, learning(value_loss=gaps))


@pytest.mark.parametrize("name", ["reward_mean", "explained_variance"])
def test_silent_about_curves_that_may_lack_a_value(name: str) -> None:
    """H5 and H14: no episode has ended yet, or returns are constant."""
    check_clear(RULE, learning(**{name: NAN_FROM_12}))


def test_finds_an_infinite_reward_where_the_log_ends() -> None:
    """Many trainers stop with an error before they log what it did to the losses."""
    reward = ramp(20, 400)
    reward[-1] = np.inf
    found = check_finds(RULE, learning(reward_mean=reward))
    assert (found.onset, found.message) == (19, "reward_mean is infinite at the end of the log")


def test_silent_about_an_infinite_reward_that_the_run_survived() -> None:
    reward = ramp(20, 400)
    reward[9] = np.inf
    check_clear(RULE, learning(reward_mean=reward))


def test_finds_an_episode_that_earned_infinity_and_no_update_after_it() -> None:
    total = component("total_reward", np.append(flat(1.0, 19), np.inf))
    check_finds(RULE, run(components=[total], loss=flat(0.3, 19)))


def test_silent_about_an_episode_that_earned_infinity_and_the_run_survived() -> None:
    rewards = flat(1.0, 20)
    rewards[5] = np.inf
    check_clear(RULE, run(components=[component("total_reward", rewards)], loss=flat(0.3)))
