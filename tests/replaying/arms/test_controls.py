from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.model.replay import Arm
from rundoctor.reading import read_run
from rundoctor.replaying.arms.controls import HEALTHY, HEALTHY_RATES, controls
from rundoctor.replaying.arms.fixes import fixes_to_try
from rundoctor.replaying.arms.mechanism import mechanism
from rundoctor.replaying.arms.plan import Plan

SEED_CASE = read_run(Path(__file__).parents[3] / "fixtures" / "seed_case")


FIXES = fixes_to_try(SEED_CASE, diagnose(SEED_CASE), [], mechanism(SEED_CASE, {}).values)[0]
WIDENED = [plan for plan in FIXES if plan.name == "widen-value-clip"]


def beside(plans: list[Plan], seed: int = 0) -> dict[str, Plan]:
    values = plans[0].values if plans else mechanism(SEED_CASE, {}).values
    return {plan.name: plan for plan in controls(plans, values, 32, seed)}


def test_control_and_placebo_change_nothing() -> None:
    arms = beside(FIXES)
    for name, arm in (("control", Arm.CONTROL), ("placebo", Arm.PLACEBO)):
        assert (arms[name].arm, arms[name].changes) == (arm, ())
        assert arms[name].trained_with == dict(arms[name].values)


def test_the_reference_is_healthy_whatever_the_run_says() -> None:
    reference = beside(FIXES)["reference"]
    trained = reference.trained_with
    assert {name: trained[name] for name in HEALTHY} == dict(HEALTHY)
    low, high = HEALTHY_RATES
    assert low <= trained["learning_rate"] <= high
    assert trained["n_epochs"] == min(10, SEED_CASE.settings["n_epochs"].value)


def test_the_reference_has_few_epochs_and_a_bounded_rate() -> None:
    values: dict[str, Any] = {**mechanism(SEED_CASE, {}).values, "n_epochs": 80, "learning_rate": 3.0}
    plan = Plan(name="x", arm=Arm.FIX, values=values, edits={"gamma": 0.9})
    for minibatches, rate in ((1, 1e-3), (1000, 1e-4)):
        reference = {one.name: one for one in controls([plan], values, minibatches, 0)}["reference"]
        assert (reference.edits["n_epochs"], reference.edits["learning_rate"]) == (10, rate)


@pytest.mark.parametrize("seed", range(5))
def test_the_random_arm_moves_the_first_fix_keys_by_a_decade_at_most(seed: int) -> None:
    random = beside(WIDENED, seed)["random"]
    assert random.edits.keys() == WIDENED[0].edits.keys()
    assert 0.02 <= random.edits["clip_range_vf"] <= 2.0
    assert random.edits == beside(WIDENED, seed)["random"].edits
    assert random.edits != beside(WIDENED, seed + 1)["random"].edits


def test_there_is_no_random_arm_without_a_fix() -> None:
    assert list(beside([])) == ["control", "placebo", "reference"]


@pytest.mark.parametrize("seed", range(20))
def test_the_random_arm_is_neither_the_control_nor_a_fix(seed: int) -> None:
    arms = beside(FIXES, seed)
    assert not any(arms["random"].trains_as(other) for other in (arms["control"], *FIXES))
    assert not any(isinstance(value, bool) for value in arms["random"].edits.values())


def test_a_switch_alone_has_no_random_arm() -> None:
    switch = [plan for plan in FIXES if plan.name == "normalize-returns"]
    assert list(switch[0].edits) == ["normalize_returns"]
    assert "random" not in beside(switch)


@pytest.mark.parametrize("seed", range(20))
def test_a_random_discount_or_number_of_epochs_can_be_trained(seed: int) -> None:
    values: dict[str, Any] = {**mechanism(SEED_CASE, {}).values, "gamma": 0.9, "n_epochs": 20}
    edits = {"gamma": 0.99, "n_epochs": 10}
    random = beside([Plan(name="x", arm=Arm.FIX, values=values, edits=edits)], seed)["random"]
    assert 0 <= random.edits["gamma"] <= 0.99
    assert 2 <= random.edits.get("n_epochs", 2) < 20
