from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, not_learning, ramp

RULE = "evaluation-disagrees"


def test_finds_an_evaluation_that_stays_where_it_was() -> None:
    found = check_finds(RULE, learning(eval_reward_mean=15 + noise(1.0)))
    assert found.rank is None
    assert found.evidence[0].observed < 0.1


def test_silent_when_the_evaluation_rises_too() -> None:
    check_clear(RULE, learning(eval_reward_mean=ramp(10, 300)))


def test_silent_when_the_evaluation_begins_and_stays_at_the_best() -> None:
    check_clear(RULE, learning(eval_reward_mean=flat(500.0)))


def test_silent_when_training_does_not_rise() -> None:
    check_clear(RULE, not_learning(eval_reward_mean=flat(5.0)))


def test_silent_at_a_few_evaluations() -> None:
    check_clear(RULE, learning(eval_reward_mean=flat(15.0, 4)))


def test_skipped_without_an_evaluation() -> None:
    check_skipped(RULE, learning())
