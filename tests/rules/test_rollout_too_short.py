from __future__ import annotations

import pytest

from tests.builders import check_blames, check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "rollout-too-short"


def test_finds_a_rollout_that_is_cut_before_gae_has_summed() -> None:
    """1 / (1 - 0.99 x 0.95) = 16.8 steps."""
    found = check_blames(RULE, not_learning({"n_steps": 2, "n_envs": 64}))
    assert found.evidence[0].observed == pytest.approx(2 / 16.8, rel=0.01)


def test_counts_the_steps_of_one_environment() -> None:
    check_finds(RULE, not_learning({"rollout_steps": 2048, "n_envs": 1024}))


def test_a_run_that_learns_with_it_has_a_hazard() -> None:
    assert check_finds(RULE, learning({"n_steps": 2})).rank is None


def test_silent_at_the_short_rollouts_of_many_environments() -> None:
    check_clear(RULE, not_learning({"n_steps": 16, "n_envs": 4096}))


def test_silent_when_episodes_are_shorter_still() -> None:
    check_clear(RULE, not_learning({"n_steps": 2}, episode_length=flat(1.0)))


def test_silent_without_a_discount() -> None:
    check_clear(RULE, not_learning({"n_steps": 128, "gamma": 1.0, "gae_lambda": 1.0}))


def test_skipped_when_the_environments_are_not_counted() -> None:
    check_skipped(RULE, learning())
