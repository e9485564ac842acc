from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, not_learning, ramp

RULE = "action-noise-too-large"


def test_finds_noise_without_bound() -> None:
    found = check_finds(RULE, not_learning(action_std=geometric(1, 10)))
    assert (found.rank, found.onset) == (1, 10)


def test_silent_when_noise_shrinks() -> None:
    check_clear(RULE, not_learning(action_std=ramp(1, 0.1)))


def test_silent_when_it_widens_a_little() -> None:
    check_clear(RULE, not_learning(action_std=ramp(1, 2)))


def test_silent_while_the_reward_reaches_its_best() -> None:
    check_clear(RULE, learning(action_std=geometric(1, 10)))


def test_finds_noise_that_was_too_large_from_the_start() -> None:
    found = check_finds(RULE, not_learning(action_std=flat(20.0)))
    assert (found.evidence[0].observed, found.onset) == (20.0, 0)
    assert "where trainers begin" in found.evidence[0].claim


def test_the_config_shows_a_first_noise_that_is_not_logged_even_in_a_run_that_learns() -> None:
    found = check_finds(RULE, learning({"log_std_init": 2.0}))
    assert (found.rank, found.onset) == (1, None)
    assert found.evidence[0].observed == pytest.approx(7.389, rel=1e-3)


def test_wide_noise_that_came_down_to_the_usual_is_a_hazard() -> None:
    assert check_finds(RULE, not_learning({"log_std_init": 2.0}, action_std=geometric(7, 0.5))).rank is None


def test_silent_at_the_widest_noise_that_tuned_runs_begin_with() -> None:
    check_clear(RULE, not_learning({"log_std_init": 0.7}))


def test_a_logarithm_beyond_all_numbers_is_found_as_well() -> None:
    assert check_finds(RULE, learning({"log_std_init": 1e30})).rank == 1


def test_silent_at_a_constant_usual_deviation() -> None:
    check_clear(RULE, not_learning(action_std=flat(1.0)))


def test_skipped_for_discrete_actions() -> None:
    check_skipped(RULE, not_learning())
