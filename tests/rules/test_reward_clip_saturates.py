from __future__ import annotations

import pytest

from tests.builders import check_blames, check_clear, check_finds, check_skipped, learning, not_learning

RULE = "reward-clip-saturates"
RAW = {"normalize_returns": None}


def test_finds_a_bound_below_an_ordinary_reward() -> None:
    """One a step."""
    found = check_blames(RULE, not_learning(RAW | {"reward_clip": 0.1}))
    assert found.evidence[0].observed == pytest.approx(10.0)


def test_finds_it_in_the_unit_of_normalised_rewards() -> None:
    """Episodes of 20 steps and a reward of 1 a step: returns of about 11, normalised rewards of 0.09."""
    found = check_finds(RULE, not_learning({"reward_clip": 0.01}))
    assert found.evidence[0].observed == pytest.approx(9, rel=0.1)


def test_a_run_that_learns_all_the_same_has_a_hazard() -> None:
    assert check_finds(RULE, learning(RAW | {"reward_clip": 0.1})).rank is None


def test_silent_at_the_bound_of_normalised_rewards() -> None:
    check_clear(RULE, not_learning({"reward_clip": 10.0}))


def test_silent_without_a_bound() -> None:
    check_clear(RULE, not_learning({"reward_clip": 0.0}))


def test_skipped_when_there_is_no_bound_in_the_config() -> None:
    check_skipped(RULE, not_learning())
