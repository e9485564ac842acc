from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.errors import RundoctorError
from rundoctor.model import Run
from rundoctor.model.replay import NotRun
from rundoctor.reading import read_run
from rundoctor.replaying.arms.fixes import fixes_to_try, untreated
from rundoctor.replaying.arms.mechanism import mechanism
from rundoctor.replaying.arms.plan import Plan
from tests.builders import flat, learning

SEED_CASE = read_run(Path(__file__).parents[3] / "fixtures" / "seed_case")


def tried(run: Run, *named: str) -> tuple[list[Plan], list[NotRun]]:
    return fixes_to_try(run, diagnose(run), named, mechanism(run, {}).values)


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


@pytest.mark.parametrize(
    "rivals",
    [
        ("drop-value-clip", "widen-value-clip"),
        ("drop-value-clip", "make-value-clip-relative"),
        ("widen-value-clip", "bound-value-gradient"),
        ("clamp-value-loss", "bound-value-gradient"),
        ("normalize-returns", "normalize-returns-per-batch"),
    ],
)
def test_rivals_are_tried_alone(rivals: tuple[str, str]) -> None:
    plans, _ = tried(SEED_CASE, *rivals)
    assert sorted(plan.name for plan in plans) == sorted(rivals)


def test_a_cause_for_which_nothing_is_tried_is_told() -> None:
    diagnosis = diagnose(SEED_CASE)
    plans, _ = tried(SEED_CASE)
    assert untreated(diagnosis, plans) == []
    assert untreated(diagnosis, []) == [cause.rule for cause in diagnosis.causes]
