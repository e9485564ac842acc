from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, learning, not_learning

RULE = "dropout-in-policy"


def test_dropout_is_a_hazard_whatever_the_run_does() -> None:
    assert check_finds(RULE, not_learning({"dropout": 0.2})).rank is None
    assert check_finds(RULE, learning({"dropout": 0.2})).rank is None


def test_silent_at_zero() -> None:
    check_clear(RULE, learning({"dropout": 0.0}))


def test_skipped_when_the_config_does_not_say() -> None:
    check_skipped(RULE, learning())
