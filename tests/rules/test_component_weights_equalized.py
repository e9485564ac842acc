from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, component, flat, ramp, run

RULE = "component-weights-equalized"
ON = {"advantages_per_component": True}


def of_sizes(goal: float, shaping: float, on: bool = True):
    components = [component("goal", goal), component("shaping", shaping)]
    return run({"advantages_per_component": on}, components=components)


def test_finds_a_negligible_component_lifted_to_full_weight() -> None:
    found = check_finds(RULE, of_sizes(1.0, 0.001))
    assert found.evidence[0].observed == pytest.approx(0.001)
    assert "1,000 times" in found.message


def test_silent_when_sizes_are_alike() -> None:
    check_clear(RULE, of_sizes(1.0, 0.12))


def test_silent_when_advantages_are_combined_first() -> None:
    check_clear(RULE, of_sizes(1.0, 0.001, on=False))


def test_silent_when_the_other_component_is_dead() -> None:
    check_clear(RULE, of_sizes(1.0, 0.0))


def test_skipped_without_components() -> None:
    check_skipped(RULE, run(ON))


def test_skipped_without_the_setting() -> None:
    check_skipped(RULE, run(components=[component("goal", 1.0)]))


def test_silent_where_learned_weights_move() -> None:
    """Then they say what a component counts."""
    for last, judged in ((0.1, check_clear), (0.9, check_finds)):
        goal, shaping = component("goal", 1.0, weight=ramp(1.0, last)), component("shaping", 0.001, weight=flat(1.0))
        judged(RULE, run(ON, components=[goal, shaping]))
