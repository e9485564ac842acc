from __future__ import annotations

from tests.builders import check_proposes, check_refuses, component, geometric, run

FIX = "rebalance-components"
WEIGHTS = {"reward_weights": {"living": 50.0, "goal": 1.0}}


def test_brings_the_largest_down_to_the_size_of_the_next() -> None:
    edit = check_proposes(FIX, run(WEIGHTS, components=[component("living", -5.0), component("goal", 0.1)]))
    assert (edit.name, edit.key, edit.value) == ("reward_weights", "living", 1.0)
    assert "50 times as much as goal" in edit.why


def test_a_cost_that_the_policy_has_learned_to_avoid_counts_as_it_was() -> None:
    fuel = component("fuel", geometric(-5.0, -0.05))
    edit = check_proposes(FIX, run({"reward_weights": {"fuel": 50.0}}, components=[fuel, component("goal", -0.1)]))
    assert edit.key == "fuel"
    assert edit.value < 3


def test_a_prize_at_the_end_counts_by_what_it_pays_not_by_how_suddenly() -> None:
    prize, steps = component("prize", 0.05, std=0.5), component("steps", -0.5, std=0.0)
    edit = check_proposes(FIX, run({"reward_weights": {"steps": 30.0}}, components=[prize, steps]))
    assert (edit.key, edit.value) == ("steps", 3.0)


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
