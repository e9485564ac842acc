from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_proposes, check_refuses, component, geometric, ramp, run

FIX = "rebalance-components"
WEIGHTS = {"reward_weights": {"living": 50.0, "goal": 1.0}}
GOAL = component("goal", 0.1)


def test_brings_the_weight_down_to_that_of_what_pays() -> None:
    edit = check_proposes(FIX, run(WEIGHTS, components=[component("living", -4.0), GOAL]))
    assert (edit.name, edit.key, edit.value) == ("reward_weights", "living", 1.0)
    assert "50 times" in edit.why


def test_the_weights_of_small_costs_say_nothing_where_something_pays() -> None:
    weights = {"reward_weights": {"living": 50.0, "goal": 2.0, "jerk": 1e-4}}
    parts = [component("living", -1.0), GOAL, component("jerk", -0.001)]
    assert check_proposes(FIX, run(weights, components=parts)).value == 2.0


def test_a_cost_keeps_its_sign() -> None:
    weights = {"reward_weights": {"living": -50.0, "goal": 1.0}}
    assert check_proposes(FIX, run(weights, components=[component("living", -4.0), GOAL])).value == -1.0


@pytest.mark.parametrize("others", [{}, {"goal": 50.0}, {"goal": 20.0}])
def test_by_size_where_the_weight_does_not_say_why_it_is_large(others: dict[str, float]) -> None:
    """It is 40 times as large as the goal, and becomes a quarter of that."""
    sick = run({"reward_weights": {"living": 50.0} | others}, components=[component("living", -4.0), GOAL])
    edit = check_proposes(FIX, sick)
    assert edit.value == pytest.approx(0.31)
    assert "40 times as large as goal; in runs that learn a cost is 0.25 times" in edit.why


def test_a_cost_that_the_policy_has_learned_to_avoid_counts_as_it_was() -> None:
    fuel = component("fuel", geometric(-5.0, -0.05))
    edit = check_proposes(FIX, run({"reward_weights": {"fuel": 50.0}}, components=[fuel, component("goal", 0.1)]))
    assert edit.key == "fuel"
    assert edit.value < 0.5


def test_what_pays_counts_as_it_could_pay() -> None:
    steps, prize = component("steps", -0.5), component("prize", ramp(0.0, 1.0), std=0.5)
    edit = check_proposes(FIX, run({"reward_weights": {"steps": 30.0, "prize": 1.0}}, components=[steps, prize]))
    assert edit.key == "prize"


def test_by_weight_where_no_other_component_was_ever_paid() -> None:
    assert (
        check_proposes(FIX, run(WEIGHTS, components=[component("living", -5.0), component("goal", 0.0)])).value == 1.0
    )


def test_refused_when_nothing_says_how_large_it_should_be() -> None:
    alone = {"reward_weights": {"living": 50.0}}
    check_refuses(FIX, run(alone, components=[component("living", -5.0), component("goal", 0.0)]))


def test_refused_when_there_is_one_component_alone() -> None:
    check_refuses(FIX, run(WEIGHTS, components=[component("living", -5.0)]))


@pytest.mark.parametrize("weight", [{}, {"speed": 0.0}])
def test_refused_when_the_component_has_no_weight_in_the_config(weight: dict[str, float]) -> None:
    weights = {"reward_weights": {"goal": 1.0} | weight}
    assert "no weight of speed" in check_refuses(FIX, run(weights, components=[component("speed", -5.0), GOAL]))


def test_refused_without_weights() -> None:
    check_refuses(FIX, run(components=[component("living", -5.0), GOAL]))


def test_a_component_without_a_number_does_not_count() -> None:
    check_refuses(FIX, run(WEIGHTS, components=[component("living", -5.0), component("goal", np.nan)]))
