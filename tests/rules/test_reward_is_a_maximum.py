from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, component, flat, ramp, run

RULE = "reward-is-a-maximum"


def test_tells_that_only_the_best_is_logged() -> None:
    found = check_finds(RULE, run(reward_best=ramp(0, 100)))
    assert found.where == "loss_metrics.json"


def test_silent_with_a_mean() -> None:
    check_clear(RULE, run(reward_best=ramp(0, 100), reward_mean=ramp(0, 80)))


def test_silent_with_episodes_to_take_the_mean_of() -> None:
    check_clear(RULE, run(reward_best=ramp(0, 100), components=[component("total_reward", 1.0)]))


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, run(loss=flat(1.0)))
