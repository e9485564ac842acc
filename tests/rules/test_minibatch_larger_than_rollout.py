from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, learning

RULE = "minibatch-larger-than-rollout"


def test_tells_both_numbers() -> None:
    assert "4096 in a rollout of 2048" in check_finds(RULE, learning({"batch_size": 4096})).message


def test_silent_at_the_size_of_the_rollout() -> None:
    check_clear(RULE, learning({"batch_size": 2048}))


def test_skipped_when_the_rollout_is_unknown() -> None:
    check_skipped(RULE, learning({"rollout_steps": None}))
