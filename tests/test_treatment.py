"""Which fixes go into a patch: as few as the symptoms need, one for a fault, and those that are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rundoctor import treatment
from rundoctor.errors import UnknownName
from rundoctor.model import Diagnosed, Diagnosis, Edit, Fix, Patch, Proposal, Run, Severity, Verdict
from rundoctor.treatment import patch
from tests.builders import flat, learning
from tests.config_builders import NATIVE, load
from tests.config_builders import fix as a_fix


def symptom(name: str) -> Diagnosed:
    return Diagnosed(rule=name, severity=Severity.ERROR, message="m", evidence=())


def cause(name: str, rank: int, *explains: str) -> Diagnosed:
    return replace(symptom(name), rank=rank, explains=explains)


def sick(*causes: Diagnosed) -> Diagnosis:
    symptoms = dict.fromkeys(name for one in causes for name in one.explains)
    return Diagnosis(verdict=Verdict.SICK, causes=causes, symptoms=tuple(map(symptom, symptoms)))


def fix(name: str, *treats: str, order: int = 1, offered_for: tuple[str, ...] = (), **edits: object) -> Fix:
    proposal = Proposal(edits=tuple(Edit(name=key, value=value, why="w") for key, value in edits.items()))
    return replace(a_fix(name), treats=treats, offered_for=offered_for, order=order, propose=lambda: proposal, needs=())


@pytest.fixture(name="given")
def _given(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that leaves rundoctor these fixes alone."""
    return lambda *fixes: monkeypatch.setattr(
        treatment, "all_fixes", lambda: sorted(fixes, key=lambda one: (one.order, one.name))
    )


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Run:
    return load(tmp_path / "config.yaml", NATIVE)


def fixes_of(plan: Patch) -> list[str]:
    return list(dict.fromkeys(edit.fix for edit in plan.edits))


FIX_A, FIX_B = fix("fix-a", "a", gamma=0.5), fix("fix-b", "b", n_epochs=2)


# ---- the default patch -----------------------------------------------------------------------------------------


def test_a_second_cause_of_the_same_symptom_is_not_treated(given, run: Run) -> None:
    given(FIX_A, FIX_B)
    assert fixes_of(patch(run, sick(cause("a", 1, "s"), cause("b", 2, "s")))) == ["fix-a"]


def test_a_second_cause_is_treated_for_a_symptom_that_the_first_leaves_open(given, run: Run) -> None:
    given(FIX_A, FIX_B)
    assert fixes_of(patch(run, sick(cause("a", 1, "s"), cause("b", 2, "s", "t")))) == ["fix-a", "fix-b"]


def test_a_third_cause_is_not_treated_once_two_explain_everything(given, run: Run) -> None:
    given(FIX_A, FIX_B, fix("fix-c", "c", clip_range=0.1))
    causes = cause("a", 1, "s"), cause("b", 2, "t"), cause("c", 3, "s", "t")
    assert fixes_of(patch(run, sick(*causes))) == ["fix-a", "fix-b"]


def test_the_first_cause_is_treated_without_a_symptom_and_no_other(given, run: Run) -> None:
    given(FIX_A, FIX_B)
    assert fixes_of(patch(run, sick(cause("a", 1), cause("b", 2)))) == ["fix-a"]


def test_a_cause_that_a_taken_fix_treats_is_treated_already(given, run: Run) -> None:
    both = fix("fix-both", "a", "b", order=2, gamma=0.5)
    given(both, FIX_B)
    assert fixes_of(patch(run, sick(cause("a", 1, "s"), cause("b", 2, "t")))) == ["fix-both"]


def test_one_cause_gets_its_first_fix_that_the_config_can_express(given, run: Run) -> None:
    unwritable = fix("by-hand", "a", order=0, shared_trunk=False)
    given(unwritable, FIX_A, fix("fix-later", "a", order=2, clip_range=0.1))
    plan = patch(run, sick(cause("a", 1, "s")))
    assert fixes_of(plan) == ["fix-a"]
    assert [needed.fix for needed in plan.needs_code] == ["by-hand"]


def test_a_proposal_of_nothing_needs_code(given, run: Run) -> None:
    given(fix("empty", "a"))
    plan = patch(run, sick(cause("a", 1, "s")))
    assert ([needed.fix for needed in plan.needs_code], plan.refused, plan.edits) == (["empty"], (), ())


def test_what_one_fix_refuses_is_said_once(given, run: Run) -> None:
    harmful = replace(fix("harmful", "a", "b"), propose=lambda: Proposal(refused="it hurts"))
    given(harmful)
    plan = patch(run, sick(cause("a", 1, "s"), cause("b", 2, "t")))
    assert [(one.fix, one.reason) for one in plan.refused] == [("harmful", "it hurts")]


def test_a_config_that_no_log_has_tried_is_left_alone(given, run: Run) -> None:
    given(FIX_A, FIX_B)
    assert run.config is not None
    tried = replace(run, config=replace(run.config, patched_since="config.yaml"))
    plan = patch(tried, sick(cause("a", 1, "s"), cause("b", 2, "s")))
    assert [one.fix for one in plan.refused] == ["fix-a"]
    assert "train with it first" in plan.refused[0].reason
    assert [one.fix for one in patch(tried, sick(), fixes=["fix-b"]).refused] == ["fix-b"]


# ---- fixes that are named --------------------------------------------------------------------------------------


def test_an_unknown_fix_is_refused(run: Run) -> None:
    with pytest.raises(UnknownName):
        patch(run, sick(), fixes=["nonsense"])


def test_named_fixes_of_different_faults_go_together(given, run: Run) -> None:
    given(FIX_A, FIX_B)
    assert fixes_of(patch(run, sick(), fixes=iter(["fix-b", "fix-a", "fix-b"]))) == ["fix-b", "fix-a"]


@pytest.mark.parametrize("diagnosis", [sick(), sick(cause("a", 1, "s"))])
def test_the_second_of_two_alternatives_is_refused(given, run: Run, diagnosis: Diagnosis) -> None:
    given(FIX_A, fix("other", offered_for=("a",), clip_range=0.1))
    for first, second in (("fix-a", "other"), ("other", "fix-a")):
        plan = patch(run, diagnosis, fixes=[first, second])
        assert fixes_of(plan) == [first]
        assert [(one.fix, one.reason) for one in plan.refused] == [
            (second, f"an alternative to {first}: both are for a")
        ]


def test_an_alternative_to_what_could_not_be_written_is_taken(given, run: Run) -> None:
    given(fix("by-hand", "a", shared_trunk=False), FIX_A)
    plan = patch(run, sick(cause("a", 1, "s")), fixes=["by-hand", "fix-a"])
    assert fixes_of(plan) == ["fix-a"]
    assert [needed.fix for needed in plan.needs_code] == ["by-hand"]


def test_fixes_of_two_faults_of_the_run_go_together_though_each_is_offered_for_both(given, run: Run) -> None:
    given(fix("fix-a", "a", offered_for=("b",), gamma=0.5), fix("fix-b", "b", offered_for=("a",), n_epochs=2))
    both = sick(cause("a", 1, "s"), cause("b", 2, "t"))
    assert fixes_of(patch(run, both, fixes=["fix-a", "fix-b"])) == ["fix-a", "fix-b"]
    assert fixes_of(patch(run, sick(cause("a", 1, "s")), fixes=["fix-a", "fix-b"])) == ["fix-a"]


ZOO = "policy: MlpPolicy\nclip_range_vf: 0.2\nnormalize_kwargs: {norm_reward: false}\nnormalize: true\n"


def zoo_run(path: Path, text: str) -> Run:
    """A run of the zoo with separate trunks and raw returns that its critic does not follow."""
    logged = learning(reward_mean=flat(2e5), episode_length=flat(200), value_loss=flat(2e8))
    return replace(load(path / "config.yml", text, "sb3"), curves=logged.curves)


def test_a_clip_is_dropped_or_widened_and_never_both(tmp_path: Path) -> None:
    plan = patch(zoo_run(tmp_path, ZOO), sick(), fixes=["drop-value-clip", "widen-value-clip"])
    assert [(edit.fix, edit.new) for edit in plan.edits] == [("drop-value-clip", None)]
    assert plan.refused[0].reason == "an alternative to drop-value-clip: both are for value-clip-too-tight"
    assert [edit.new for edit in patch(zoo_run(tmp_path, ZOO), sick(), fixes=["widen-value-clip"]).edits] == [14000.0]


def test_a_clip_that_is_off_is_not_switched_on_by_widening_it(tmp_path: Path) -> None:
    off = zoo_run(tmp_path, ZOO.replace("clip_range_vf: 0.2", "clip_range_vf:"))
    plan = patch(off, sick(), fixes=["widen-value-clip"])
    assert plan.edits == ()
    assert "the value clip is off" in plan.refused[0].reason
