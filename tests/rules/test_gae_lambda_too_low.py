from __future__ import annotations

import pytest

from tests.builders import check_blames, check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "gae-lambda-too-low"


def test_finds_one_step_advantages_where_nothing_is_learned() -> None:
    found = check_blames(RULE, not_learning({"gae_lambda": 0.0}))
    assert found.evidence[0].observed == 0.0
    assert "about 1 steps" in found.message


def test_blames_them_where_an_episode_is_many_times_longer() -> None:
    """The critic's explained variance acquits nobody: its returns are its own opinion."""
    found = check_blames(RULE, learning({"gae_lambda": 0.2, "gamma": 0.99}))
    assert found.evidence[1].observed == pytest.approx(1 / (1 - 0.99 * 0.2) / 100)


def test_a_hazard_in_episodes_of_a_few_steps() -> None:
    short = learning({"gae_lambda": 0.2}, episode_length=flat(10.0))
    assert check_finds(RULE, short).rank is None


def test_a_hazard_where_the_length_of_episodes_is_unknown() -> None:
    assert check_finds(RULE, learning({"gae_lambda": 0.2}, episode_length=None)).rank is None


def test_silent_at_two_thirds() -> None:
    check_clear(RULE, not_learning({"gae_lambda": 0.67}))


def test_skipped_when_the_trace_is_unknown() -> None:
    check_skipped(RULE, learning({"gae_lambda": None}))
