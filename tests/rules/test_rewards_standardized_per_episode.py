from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "rewards-standardized-per-episode"
ON = {"normalize_rewards_per_episode": True, "normalize_rewards": True, "normalize_returns": None}


def test_finds_it_where_the_critics_error_is_far_below_the_returns() -> None:
    found = check_finds(RULE, not_learning(ON, value_loss=flat(0.5)))
    assert found.rank == 1
    assert found.evidence[0].observed < 0.1


def test_silent_when_nothing_obeys_the_setting() -> None:
    """The seed's trainer: the key is on, the critic's error is in raw units."""
    check_clear(RULE, not_learning(ON, value_loss=flat(1e4)))


def test_silent_when_another_setting_explains_the_unit() -> None:
    check_clear(RULE, learning(ON | {"normalize_returns": True}, value_loss=flat(0.5)))


def test_silent_when_it_is_off() -> None:
    check_clear(RULE, not_learning(ON | {"normalize_rewards_per_episode": False}, value_loss=flat(0.5)))


def test_skipped_without_the_setting() -> None:
    check_skipped(RULE, learning())
