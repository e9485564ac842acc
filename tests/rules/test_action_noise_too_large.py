from __future__ import annotations

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


def test_silent_at_a_constant_usual_deviation() -> None:
    check_clear(RULE, not_learning(action_std=flat(1.0)))


def test_skipped_for_discrete_actions() -> None:
    check_skipped(RULE, not_learning())
