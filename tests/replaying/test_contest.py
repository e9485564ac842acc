from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rundoctor.model.replay import Arm
from rundoctor.replaying import contest
from rundoctor.replaying.arms.budget import cost, halved
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.contest import Entry, Field, held
from rundoctor.replaying.judging.reproduction import Target
from rundoctor.replaying.training.crew import Crew
from rundoctor.replaying.training.group import Group, grouped
from rundoctor.replaying.worlds import noise
from tests.replaying.contests import FIXES, PLANS, VALUES, entry, shown

ROOT = Path(__file__).parents[2]
NOT_SHOWN = Target(("kl-blow-up",), "")


@pytest.fixture
def learns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any improvement of the reference is enough: four updates are few."""
    monkeypatch.setattr(contest, "LEARNS", 0.5)


def contested(*entries: Entry, processes: int = 1) -> tuple[list[contest.Seen], int]:
    made: list[int] = []
    with Crew(processes, made.append) as crew:
        seen = held(entries or [entry()], crew)
    return seen, sum(made)


def group(plans: Sequence[Plan], seeds: int = 2, scale: float = 1.0, seed: int = 0, judges: int = 4) -> Group:
    one = entry()
    return Group(
        plans,
        name=one.name,
        make=one.make,
        hidden=one.hidden,
        activation=one.activation,
        value_clip_form="max",
        reward_scale=scale,
        seeds=seeds,
        steps=one.steps,
        judges=judges,
        seed=seed,
    )


@pytest.mark.usefixtures("learns")
def test_every_arm_is_scored_and_the_budget_is_what_was_said() -> None:
    seen, made = contested()
    scores = seen[0].scores
    assert scores is not None
    assert scores.by_arm.keys() == {plan.name for plan in PLANS}
    assert made == cost(PLANS, seeds=2, updates=4)
    assert {name for name, at in scores.at.items() if at == 4} >= {"control", "placebo", "reference", "random"}
    dropped = [name for name, at in scores.at.items() if at == 2]
    assert len(dropped) == len(FIXES) - halved(len(FIXES)) == 2
    assert all((scores.control[name] == scores.control[dropped[0]]).all() for name in dropped)
    assert not (scores.control[dropped[0]] == scores.control["control"]).all()


@pytest.mark.usefixtures("learns")
def test_one_process_and_two_give_the_same() -> None:
    assert shown(contested()[0]) == shown(contested(processes=2)[0])


@pytest.mark.usefixtures("learns")
def test_a_world_where_the_control_does_not_show_it_counts_only_if_it_is_the_users() -> None:
    (surrogate,), _ = contested(entry(target=NOT_SHOWN))
    (own,), _ = contested(entry(target=NOT_SHOWN, own=True))
    (named,), _ = contested(entry())
    assert (surrogate.reproduced, surrogate.scores) == (False, None)
    assert not own.reproduced
    assert own.scores is not None
    assert own.why == surrogate.why == "kl-blow-up in 0 of 2 seeds"
    assert named.reproduced


def test_a_world_that_healthy_settings_do_not_learn_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "LEARNS", 1 - 1e-12)
    (seen,), made = contested(entry(own=True))
    assert (seen.reproduced, seen.scores) == (False, None)
    assert "healthy settings do not learn it" in seen.why
    assert made == 3 * 2 * 4


@pytest.mark.usefixtures("learns")
def test_where_the_control_does_not_show_it_nothing_else_is_trained() -> None:
    (seen,), made = contested(entry(target=NOT_SHOWN))
    assert seen.scores is None
    assert made == 2 * 4


def halfway(ends: dict[str, float], seeds: int) -> Field:
    """These arms of an entry at half time, each seed a little better than the one before; the control has 10."""
    beside = (Arm.CONTROL, Arm.PLACEBO, Arm.REFERENCE)
    field = Field(entry(seeds, plans=tuple(plan for plan in PLANS if plan.arm in beside or plan.name in ends)))
    field.enter("frame")
    for one in (*field.groups["control"], *field.groups["frame"]):
        one.scores = {name: {2: 10 + np.arange(seeds) / 10, 4: 90 + np.arange(seeds) / 10} for name in one.scores}
    field.untrained = 0.0
    field.enter("others")
    for one in field.groups["others"]:
        one.scores = {name: {2: ends[name] + np.arange(seeds) / 10} for name in one.scores}
    return field


def left(field: Field) -> set[str]:
    return {plan.name for one in field.groups["others"] for plan in one.plans}


ENDS = {
    "normalize-returns": 50.0,
    "separate-value-trunk": 20.0,
    "reduce-epochs": 1.0,
    "loosen-gradient-norm": 0.5,
    "random": 0.0,
}
"""At half time: the better half of the fixes, the worse half, and what is worse still."""


def test_the_worse_half_is_dropped() -> None:
    field = halfway(ENDS, seeds=2)
    assert field.halve() == 0
    assert left(field) == {"normalize-returns", "separate-value-trunk", "random"}
    assert field.scores().control["reduce-epochs"].tolist() == [10.0, 10.1]


def test_what_hurts_already_is_dropped_from_the_better_half_too() -> None:
    hurting = {"separate-value-trunk": -20.0, "reduce-epochs": -21.0, "loosen-gradient-norm": -22.0, "random": -23.0}
    field = halfway({**ENDS, **hurting}, seeds=10)
    assert field.halve() == 10 * 2
    assert left(field) == {"normalize-returns", "random"}


@pytest.mark.parametrize(("worst", "saved", "gone"), [(11.0, 0, set()), (-21.0, 10 * 2, {"reduce-epochs"})])
def test_of_three_fixes_only_what_hurts_is_dropped(worst: float, saved: int, gone: set[str]) -> None:
    ends = {name: end for name, end in ENDS.items() if name != "loosen-gradient-norm"}
    field = halfway({**ends, "reduce-epochs": worst}, seeds=10)
    assert field.halve() == saved
    assert left(field) == ends.keys() - gone


@pytest.mark.parametrize(("fixes", "kept"), [(0, 0), (1, 1), (3, 3), (4, 2), (5, 3), (8, 4)])
def test_fixes_are_halved_from_four_on_and_the_cost_says_so(fixes: int, kept: int) -> None:
    assert halved(fixes) == kept
    plans = [plan for plan in PLANS if plan.arm is not Arm.FIX] + FIXES[:1] * fixes
    assert cost(plans, seeds=10, updates=9) == 10 * (4 * 9 + fixes * 4 + kept * 5)


def test_arms_that_cannot_share_a_bank_stand_apart() -> None:
    plans = [plan for plan in PLANS if plan.arm is not Arm.RANDOM]
    groups = [{plan.name for plan in members} for members in grouped(plans)]
    assert sorted(name for members in groups for name in members) == sorted(plan.name for plan in plans)
    assert {"reduce-epochs"} in groups
    assert {"separate-value-trunk"} in groups
    many = [Plan(name=str(k), arm=Arm.FIX, values=VALUES, edits={}) for k in range(9)]
    assert sorted(len(members) for members in grouped(many)) == [4, 5]


def test_the_placebo_has_streams_of_its_own_and_the_others_share_theirs() -> None:
    control, placebo = (plan for plan in PLANS if plan.name in {"control", "placebo"})
    streams = group([control, placebo, FIXES[0]], seed=3).training.lane.streams
    shared, own = ([noise.stream(3, k, placebo=placebo) for k in range(2)] for placebo in (False, True))
    assert streams == (*shared, *own, *shared)


def test_a_judge_has_its_own_number_of_environments_and_keeps_it() -> None:
    made = group(FIXES[:1] + [PLANS[0]], judges=7)
    made.keep(["control"])
    assert (made.judge.environments, made.training.world.environments) == (7, 4)


@pytest.mark.usefixtures("learns")
def test_another_seed_is_another_replay_of_the_same() -> None:
    first, again, other = (shown(contested(entry(plans=PLANS[:3], seed=seed))[0]) for seed in (0, 0, 1))
    assert first == again
    assert first["by_arm"] != other["by_arm"]


def test_an_arm_changes_the_reward_by_the_ratio_of_its_scale_to_the_runs() -> None:
    values = {**VALUES, "reward_scale": 100.0}
    arms = [
        Plan(name="control", arm=Arm.CONTROL, values=values, edits={}),
        Plan(name="scale-rewards", arm=Arm.FIX, values=values, edits={"reward_scale": 0.5}),
    ]
    assert group(arms, 1, scale=7.0).training.lane.reward_scales == pytest.approx((7.0, 0.035))
    assert group(arms, 1, scale=100.0).training.lane.reward_scales == pytest.approx((100.0, 0.5))


def test_scores_are_kept_by_arm() -> None:
    made = group(FIXES[:1] + [PLANS[0]])
    made.run(1, 1, lambda made: None, lambda: False)
    scores = {name: ends[1] for name, ends in made.scores.items()}
    made.keep(["control"])
    again = made.training.score(made.judge).numpy()
    assert [plan.name for plan in made.plans] == ["control"]
    assert scores["control"] == pytest.approx(again)


@pytest.mark.usefixtures("learns")
def test_ctrl_c_keeps_what_is_known() -> None:
    made: list[int] = []

    def progress(some: int) -> None:
        enough = 3 * 2 * 4 + 2 * 2
        if sum(made) < enough <= sum(made) + some:
            os.kill(os.getpid(), signal.SIGINT)
        made.append(some)

    before = signal.getsignal(signal.SIGINT)
    with Crew(1, progress) as crew:
        (seen,) = held([entry()], crew)
    assert signal.getsignal(signal.SIGINT) is before
    assert seen.scores is not None
    assert {"control", "placebo", "reference"} <= seen.scores.by_arm.keys() < {plan.name for plan in PLANS}


def test_ctrl_c_ends_processes_with_what_is_known_even_while_they_start() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments: list[Any] = [sys.executable, "-m", "tests.replaying.contests", "2"]
    with subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        time.sleep(1.0)
        os.killpg(running.pid, signal.SIGINT)
        said, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert said == "interrupted before it could be tried\n"
    assert "Traceback" not in errors
