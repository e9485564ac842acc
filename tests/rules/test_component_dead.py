from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, component, run

RULE = "component-dead"
GOAL = component("goal", 1.0)


def test_finds_a_component_that_is_never_anything_but_zero() -> None:
    found = check_finds(RULE, run(components=[GOAL, component("shaping", 0.0)]))
    assert "shaping" in found.message


def test_silent_when_it_is_zero_in_all_episodes_but_one() -> None:
    means = np.zeros(20)
    means[13] = 0.1
    check_clear(RULE, run(components=[GOAL, component("shaping", means)]))


def test_silent_when_it_cancels_out_within_an_episode() -> None:
    check_clear(RULE, run(components=[GOAL, component("shaping", 0.0, std=0.5)]))


def test_silent_when_it_was_absent() -> None:
    check_clear(RULE, run(components=[GOAL, component("shaping", 0.0, count=0.0)]))


def test_silent_when_its_weight_is_set_to_zero() -> None:
    weights = {"reward_weights": {"goal": 1.0, "shaping": 0.0}}
    check_clear(RULE, run(weights, components=[GOAL, component("shaping", 0.0)]))


def test_skipped_without_components() -> None:
    assert "reward_components_stats.json" in check_skipped(RULE, run()).enable + check_skipped(RULE, run()).reason
