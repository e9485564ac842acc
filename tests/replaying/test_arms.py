from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.errors import RundoctorError
from rundoctor.model import Run
from rundoctor.model.replay import Arm, NotRun
from rundoctor.reading import read_run
from rundoctor.replaying.arms import HEALTHY, HEALTHY_RATES, Plan, controls, fixes_to_try
from rundoctor.replaying.mechanism import mechanism
from tests.builders import flat, learning

SEED_CASE = read_run(Path(__file__).parents[2] / "fixtures" / "seed_case")


def tried(run: Run, *named: str) -> tuple[list[Plan], list[NotRun]]:
    return fixes_to_try(run, diagnose(run), named, mechanism(run, {}).values)


def beside(plans: list[Plan], seed: int = 0) -> dict[str, Plan]:
    values = plans[0].values if plans else mechanism(SEED_CASE, {}).values
    return {plan.name: plan for plan in controls(plans, values, 32, seed)}


def test_fixes_that_treat_the_first_cause_come_first_and_pairs_last() -> None:
    names = [plan.name for plan in tried(SEED_CASE)[0]]
    assert names[0] == "normalize-returns"
    assert names.index("drop-value-clip") < names.index("clamp-value-loss")
    assert names[-1] == "normalize-returns+drop-value-clip"
    assert len(set(names)) == len(names)


def test_a_fix_that_is_refused_is_tried_with_the_edits_it_carries() -> None:
    widened = next(plan for plan in tried(SEED_CASE)[0] if plan.name == "widen-value-clip")
    assert widened.edits["clip_range_vf"] > 100
    assert widened.changes == (f"clip_range_vf 0.2 -> {widened.edits['clip_range_vf']:.4g}",)


def test_a_named_fix_with_nothing_to_change_says_why() -> None:
    plans, left = tried(SEED_CASE, "lower-learning-rate")
    assert plans == []
    assert [one.fix for one in left] == ["lower-learning-rate"]
    assert "already" in left[0].reason


def test_named_fixes_are_tried_alone_and_together() -> None:
    plans, _ = tried(SEED_CASE, "normalize-returns", "clamp-value-loss")
    assert [plan.name for plan in plans] == [
        "normalize-returns",
        "clamp-value-loss",
        "normalize-returns+clamp-value-loss",
    ]
    assert plans[2].edits == {**plans[0].edits, **plans[1].edits}


def test_a_healthy_run_has_no_fix_to_try() -> None:
    assert tried(learning()) == ([], [])


def test_values_without_an_update_are_one_line() -> None:
    run = learning({"normalize_returns": False, "n_epochs": 10}, value_loss=flat(1e5), explained_variance=flat(0))
    values = {**mechanism(run, {}).values, "batch_size": 0}
    with pytest.raises(RundoctorError, match="batch_size must be at least 1"):
        fixes_to_try(run, diagnose(run), ["normalize-returns"], values)


def test_control_and_placebo_change_nothing() -> None:
    arms = beside(tried(SEED_CASE)[0])
    for name, arm in (("control", Arm.CONTROL), ("placebo", Arm.PLACEBO)):
        assert (arms[name].arm, arms[name].changes) == (arm, ())
        assert arms[name].trained_with == dict(arms[name].values)


def test_the_reference_is_healthy_whatever_the_run_says() -> None:
    reference = beside(tried(SEED_CASE)[0])["reference"]
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
    plans, _ = tried(SEED_CASE, "widen-value-clip")
    random = beside(plans, seed)["random"]
    assert random.edits.keys() == plans[0].edits.keys()
    assert 0.02 <= random.edits["clip_range_vf"] <= 2.0
    assert random.edits == beside(plans, seed)["random"].edits
    assert random.edits != beside(plans, seed + 1)["random"].edits


def test_there_is_no_random_arm_without_a_fix() -> None:
    assert list(beside([])) == ["control", "placebo", "reference"]


def test_changes_are_written_as_words() -> None:
    plan = Plan(
        name="x",
        arm=Arm.FIX,
        values={"target_kl": 0.03, "value_clip": True, "gamma": 0.99},
        edits={"target_kl": None, "value_clip": False, "gamma": 0.99, "huber_delta": 1234.5},
    )
    assert plan.changes == ("target_kl 0.03 -> unset", "value_clip on -> off", "huber_delta unset -> 1234")
