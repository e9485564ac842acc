from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from rundoctor.diagnosis import diagnose
from rundoctor.model import Diagnosis
from rundoctor.replaying.judging.reproduction import Target, compared, diagnoses_of, target_of
from rundoctor.replaying.training.closed_loop import History
from tests.builders import flat, learning, not_learning
from tests.replaying.lanes import SMALL, advanced, training

SICK = diagnose(not_learning({"normalize_returns": False}, value_loss=flat(1e5), explained_variance=flat(0.0)))
HEALTHY = diagnose(learning())


def test_the_target_is_what_the_first_cause_explains() -> None:
    target = target_of(SICK)
    assert target.cause == SICK.causes[0].rule
    assert target.wanted == SICK.causes[0].explains != ()


def test_a_cause_that_explains_nothing_stands_for_itself() -> None:
    lone = replace(SICK, causes=(replace(SICK.causes[0], explains=()),))
    assert lone.symptoms
    assert target_of(lone).wanted == (lone.causes[0].rule,)


def test_without_a_cause_all_symptoms_are_the_target() -> None:
    unknown = replace(SICK, causes=())
    assert target_of(unknown).wanted == tuple(one.rule for one in SICK.symptoms) != ()


def test_a_healthy_run_has_no_target() -> None:
    assert target_of(HEALTHY).wanted == ()


@pytest.mark.parametrize(("sick", "enough"), [(0, False), (1, False), (2, True), (4, True)])
def test_half_of_the_seeds_have_to_show_it(sick: int, enough: bool) -> None:
    seeds: list[Diagnosis] = [SICK] * sick + [HEALTHY] * (4 - sick)
    shown, why = compared(Target((SICK.symptoms[0].rule,), ""), seeds)
    assert shown is enough
    assert why == f"{SICK.symptoms[0].rule} in {sick} of 4 seeds"


def test_half_of_the_symptoms_have_to_be_shown() -> None:
    there = SICK.symptoms[0].rule
    assert compared(Target((there, "kl-blow-up"), ""), [SICK])[0]
    assert not compared(Target((there, "kl-blow-up", "entropy-collapse"), ""), [SICK])[0]


def test_a_cause_counts_as_shown_where_it_is_found() -> None:
    assert compared(Target((), SICK.causes[0].rule), [SICK])[0]


def test_nothing_wanted_is_nothing_shown() -> None:
    assert compared(Target((), ""), [SICK]) == (False, "")


def history() -> History:
    return advanced(training([SMALL, SMALL], [0, 1]), 3).history


def test_the_control_is_judged_by_the_curves_that_the_user_has() -> None:
    seen: list[set[str]] = []
    for like in (learning(), learning(value_loss=None, approx_kl=None)):
        diagnosis = diagnoses_of(history(), [0], like, 0.5)[0]
        seen.append({one.rule for one in diagnosis.skipped})
    assert "kl-blow-up" not in seen[0]
    assert seen[0] < seen[1]


def test_each_candidate_has_a_diagnosis() -> None:
    assert len(diagnoses_of(history(), [0, 1], learning(), 0.5)) == 2


def test_numbers_that_broke_are_told_to_the_rules() -> None:
    broken = history()
    broken.diagnostics = [
        replace(one, critic_loss=torch.full_like(one.critic_loss, np.nan)) for one in broken.diagnostics
    ]
    diagnosis = diagnoses_of(broken, [0], learning(), 0.5)[0]
    assert any(found.rule == "non-finite-update" for found in (*diagnosis.causes, *diagnosis.hazards))


def test_updates_without_an_ended_episode_repeat_the_one_before() -> None:
    made = history()
    made.rewards = [torch.tensor([5.0, 5.0]), torch.full((2,), torch.nan), torch.tensor([7.0, 7.0])]
    assert diagnoses_of(made, [0], learning(), 0.0)[0].verdict
