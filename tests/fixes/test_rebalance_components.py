from __future__ import annotations

from tests.builders import check_proposes, check_refuses, component, run

FIX = "rebalance-components"
WEIGHTS = {"reward_weights": {"living": 50.0, "goal": 1.0}}


def test_brings_the_largest_down_to_the_size_of_the_next() -> None:
    edit = check_proposes(FIX, run(WEIGHTS, components=[component("living", -5.0), component("goal", 0.1)]))
    assert (edit.name, edit.key, edit.value) == ("reward_weights", "living", 1.0)
    assert "50 times the size of goal" in edit.why


def test_refused_when_no_other_component_has_any_size() -> None:
    check_refuses(FIX, run(WEIGHTS, components=[component("living", -5.0), component("goal", 0.0)]))


def test_refused_when_there_is_one_component_alone() -> None:
    check_refuses(FIX, run(WEIGHTS, components=[component("living", -5.0)]))


def test_refused_when_the_component_has_no_weight_in_the_config() -> None:
    assert "no weight of speed" in check_refuses(
        FIX, run(WEIGHTS, components=[component("speed", -5.0), component("goal", 0.1)])
    )


def test_refused_without_weights() -> None:
    check_refuses(FIX, run(components=[component("living", -5.0), component("goal", 0.1)]))
