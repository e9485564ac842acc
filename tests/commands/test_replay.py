"""The replay command: what it asks for, what it prints, what it leaves with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rundoctor.cli import main
from rundoctor.commands.replay import assumptions
from rundoctor.model.replay import Arm, Difference, Effect, Mode, NotRun, Replay, ReplayTask, Score, Trial
from rundoctor.replaying import engine
from rundoctor.replaying.recorded import replay
from rundoctor.replaying.recorded.replay import ABOUT_THE_UPDATE
from rundoctor.replaying.request import Request

RUN = "fixtures/seed_case"


def trial(name: str, verdict: Effect, mean: float, arm: Arm = Arm.FIX) -> Trial:
    difference = Difference(mean=mean, low=mean - 0.1, high=mean + 0.1)
    score = Score(iqm=0.5 + mean, low=0.4 + mean, high=0.6 + mean)
    return Trial(fix=name, arm=arm, changes=("gamma 0.9 -> 0.99",), score=score, difference=difference, verdict=verdict)


def found(*trials: Trial, reproduced: bool = True) -> Replay:
    return Replay(
        mode=Mode.SURROGATE,
        reproduced=reproduced,
        tasks=(ReplayTask(name="survival", reproduced=reproduced, why="critic-stalled in 9 of 10 seeds"),),
        assumptions=("hidden_dim is 64: the config does not say",),
        seeds=10,
        updates=12,
        trials=trials,
        not_run=(NotRun(fix="raise-discount", reason="beyond the budget"),),
        warnings=("matching scale is not matching the task",),
    )


HELPS = trial("normalize-returns", Effect.HELPS, 0.4)
HURTS = trial("drop-value-clip", Effect.HURTS, -0.5)
UNSURE = trial("scale-rewards", Effect.INCONCLUSIVE, 0.5)


@pytest.fixture(name="replayed")
def _replayed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the engine is to return, and what it was asked."""
    seen: dict[str, Any] = {"returns": found(HELPS, HURTS, UNSURE)}

    def stand_in(run: object, diagnosis: object, request: Request, begin: object) -> Replay:
        seen["request"] = request
        return seen["returns"]

    monkeypatch.setattr(engine, "replay", stand_in)
    return seen


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="rundoctor")


def test_the_page_names_what_helps_what_hurts_and_on_what_ground(replayed: Mapping[str, Any]) -> None:
    shown = call("replay", RUN)
    assert shown.exit_code == 0
    first = shown.stdout.splitlines()[0]
    assert first.startswith("normalize-returns helps; drop-value-clip hurts (1 of 1 task reproduced)")
    for part in ("critic-stalled in 9 of 10 seeds", "hidden_dim is 64", "beyond the budget", "+0.40 [+0.30, +0.50]"):
        assert part in shown.stdout


@pytest.mark.parametrize("style", ["json", "markdown"])
def test_other_formats_hold_the_trials(replayed: Mapping[str, Any], style: str) -> None:
    shown = call("replay", RUN, "--format", style)
    assert shown.exit_code == 0
    assert "drop-value-clip" in shown.stdout
    assert "survival" in shown.stdout


@pytest.mark.parametrize("style", ["terminal", "markdown"])
def test_quiet_is_the_sentence_and_no_table(replayed: Mapping[str, Any], style: str) -> None:
    shown = call("replay", RUN, "-q", "--format", style).stdout
    assert "helps; drop" in shown.replace("\\", "")
    assert "inconclusive" not in shown
    assert "beyond the budget" not in shown


def test_the_json_is_that_of_the_contract(replayed: Mapping[str, Any]) -> None:
    content = json.loads(call("replay", RUN, "--format", "json").stdout)["replay"]
    assert content["mode"] == "surrogate"
    assert content["trials"][0]["difference"] == {"mean": 0.4, "low": pytest.approx(0.3), "high": 0.5}
    assert content["trials"][1]["verdict"] == "hurts"
    assert content["not_run"] == [{"fix": "raise-discount", "reason": "beyond the budget"}]


def test_what_is_asked_for_reaches_the_engine(replayed: Mapping[str, Any]) -> None:
    words = ["--assume", "shared_trunk=yes", "--device", "cuda", "--fix", "scale-rewards"]
    words += ["--seeds", "12", "--updates", "9", "--budget", "500", "--jobs", "1", "--seed", "3", "--mode", "surrogate"]
    assert call("replay", RUN, *words).exit_code == 0
    assert replayed["request"] == Request(
        fixes=("scale-rewards",),
        seeds=12,
        updates=9,
        budget=500,
        jobs=1,
        seed=3,
        mode="surrogate",
        device="cuda",
        assume={"shared_trunk": True},
    )


def test_not_reproduced_is_shown_and_leaves_with_3(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(reproduced=False)
    shown = call("replay", RUN)
    assert shown.exit_code == 3
    assert shown.stdout.startswith("not reproduced")
    assert len(shown.stderr.splitlines()) == 1


def test_an_interrupted_one_says_so_shows_what_is_known_and_leaves_with_130(replayed: dict[str, Any]) -> None:
    replayed["returns"] = replace(found(HELPS), interrupted=True)
    shown = call("replay", RUN)
    assert shown.exit_code == 130
    assert shown.stdout.startswith("interrupted: by then normalize-returns helps (1 of 1 task reproduced)")
    assert json.loads(call("replay", RUN, "--format", "json").stdout)["replay"]["interrupted"] is True
    replayed["returns"] = replace(found(reproduced=False), interrupted=True)
    assert call("replay", RUN).stdout.startswith("interrupted: no task counts yet\n")


def test_an_interrupted_replay_makes_no_patch(replayed: dict[str, Any]) -> None:
    replayed["returns"] = replace(found(HELPS), interrupted=True)
    shown = call("patch", RUN, "--replay")
    assert (shown.exit_code, shown.stdout) == (130, "")


def test_a_task_that_was_named_is_not_suggested_again(replayed: dict[str, Any]) -> None:
    task = ReplayTask(name="CartPole-v1", reproduced=False, why="healthy settings do not learn it in 4 updates")
    replayed["returns"] = replace(found(reproduced=False), mode=Mode.ENVIRONMENT, tasks=(task,))
    shown = call("replay", RUN, "--env", "CartPole-v1")
    assert shown.exit_code == 3
    assert "healthy settings do not learn it in 4 updates" in shown.stderr
    assert "--env" not in shown.stderr


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--seeds", "1"], "at least 2"),
        (["--updates", "0"], "at least 4"),
        (["--seeds", "2000000"], "at most 1000000"),
        (["--seed", str(2**63)], "too high"),
        (["--env", ""], "--env is empty"),
        (["--budget", "1"], "a budget of 1 arm-updates has no room for a fix"),
        (["--device", "teapot"], "--device teapot cannot be used"),
        (["--assume", "gama=1"], "did you mean gamma?"),
        (["--assume", "gamma=high"], "gamma"),
        (["--assume", "activation=swish"], "tanh or relu"),
        (["--fix", "drop-value-clips"], "did you mean drop-value-clip?"),
    ],
)
def test_a_request_that_makes_no_sense_is_one_line(words: list[str], part: str) -> None:
    shown = call("replay", RUN, *words)
    assert shown.exit_code == 2
    assert part in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert not shown.stdout


@pytest.mark.parametrize("command", [["replay"], ["patch", "--replay"]])
def test_a_place_that_cannot_be_written_is_told_before_the_work(replayed: dict[str, Any], command: list[str]) -> None:
    shown = call(*command, RUN, "-o", "no such directory/out.json")
    assert shown.exit_code == 2
    assert "cannot write no such directory/out.json" in shown.stderr
    assert "request" not in replayed


def test_a_healthy_run_has_nothing_to_reproduce() -> None:
    shown = call("replay", "fixtures/healthy_full")
    assert shown.exit_code == 3
    assert "nothing that a replay could reproduce" in shown.stderr


def test_verbose_shows_the_numbers_behind_the_verdicts(replayed: dict[str, Any]) -> None:
    assert "0.90 [0.80, 1.00]" not in call("replay", RUN).stdout
    assert "score 0.90 [0.80, 1.00]" in call("replay", RUN, "-v").stdout
    replayed["returns"] = recorded()
    assert "policy kl nat 0.0123" in call("replay", RUN, "-v").stdout


def recorded() -> Replay:
    one = Trial(
        fix="raise-learning-rate",
        arm=Arm.FIX,
        verdict=Effect.HELPS,
        outcomes={"policy_kl_nat": 0.01234},
        note="critic tracks 6/6",
    )
    hurts = replace(one, fix="drop-value-clip", verdict=Effect.HURTS, note="policy starved 6/6")
    control = replace(one, fix="control", arm=Arm.CONTROL, verdict=Effect.INCONCLUSIVE, outcomes=CLOSE)
    return replace(found(control, one, hurts), mode=Mode.RECORDED, warnings=(ABOUT_THE_UPDATE,))


CLOSE = {"loss_difference_relative": 1e-7, "parameter_difference": 1e-7}


def test_a_cause_without_a_counterpart_is_named() -> None:
    shown = call("replay", "fixtures/reward_changed_mid_run")
    assert shown.exit_code == 3
    assert "no fix in the config treats reward-changed-mid-run" in shown.stderr


# ---- what hurts is not suggested, in any format ----------------------------------------------------------------------


@pytest.mark.parametrize("style", ["terminal", "json", "markdown"])
def test_no_format_suggests_what_the_replay_shows_to_hurt(replayed: dict[str, Any], style: str) -> None:
    """The default patch of this run is the fix that the replay shows to hurt here."""
    harmful = trial("normalize-returns", Effect.HURTS, -0.5)
    replayed["returns"] = found(harmful, trial("drop-value-clip+normalize-returns", Effect.HELPS, 0.4))
    shown = call("replay", RUN, "--format", style).stdout
    assert "normalize_returns: true" not in shown
    assert "normalize-returns" in shown
    assert "hurts" in shown
    assert "-0.5" in shown


@pytest.mark.parametrize("style", ["terminal", "json"])
def test_no_patch_holds_what_the_replay_shows_to_hurt(replayed: dict[str, Any], style: str) -> None:
    harmful = trial("normalize-returns", Effect.HURTS, -0.5)
    replayed["returns"] = found(harmful, trial("scale-rewards", Effect.HELPS, 0.4))
    shown = call("patch", RUN, "--replay", "--format", style)
    assert shown.exit_code == 0
    assert "+  normalize_returns" not in shown.stdout
    assert "reward_scale" in shown.stdout
    assert "the replay shows that it hurts: -0.50" in (shown.stdout if style == "json" else shown.stderr)


def test_a_replay_that_confirmed_nothing_says_what_hurts(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(HURTS)
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 3
    assert "confirmed no fix; drop-value-clip is not offered: the replay shows that it hurts" in shown.stderr
    assert not shown.stdout


@pytest.mark.parametrize("style", ["terminal", "json", "markdown"])
def test_recorded_updates_alone_suggest_no_patch_and_say_so(replayed: dict[str, Any], style: str) -> None:
    replayed["returns"] = recorded()
    shown = call("replay", RUN, "--format", style)
    assert "+  " not in shown.stdout
    assert "--mode surrogate" in shown.stdout
    if style == "json":
        patch = json.loads(shown.stdout)["patch"]
        assert (patch["edits"], patch["diff"]) == ([], "")
        assert patch["refused"][0]["reason"] == "the recorded updates show that it hurts: policy starved 6/6"


def test_a_patch_is_tried_in_training_even_where_updates_were_recorded(replayed: dict[str, Any]) -> None:
    shown = call("patch", RUN, "--replay")
    assert replayed["request"].mode == "surrogate"
    assert "tried in training on surrogate tasks: normalize-returns helps" in shown.stderr


@pytest.fixture(name="both")
def _both(monkeypatch: pytest.MonkeyPatch) -> dict[str, Replay]:
    """What the engine returns by mode, for a run that has recorded updates."""
    by_mode = {"surrogate": found(trial("scale-rewards", Effect.HELPS, 0.6), HELPS), "recorded": recorded()}
    monkeypatch.setattr(engine, "replay", lambda run, diagnosis, request, begin: by_mode[request.mode])
    monkeypatch.setattr(replay, "has_record", lambda run: True)
    return by_mode


def test_what_hurts_the_recorded_updates_is_in_no_patch(both: dict[str, Replay]) -> None:
    assert "reward_scale" in call("patch", RUN, "--replay").stdout
    hurts = Trial(fix="scale-rewards", arm=Arm.FIX, verdict=Effect.HURTS, note="policy starved 6/6")
    both["recorded"] = replace(both["recorded"], trials=(hurts,))
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 0
    assert "reward_scale" not in "".join(line for line in shown.stdout.splitlines() if line.startswith("+"))
    assert "+  normalize_returns: true" in shown.stdout
    assert "scale-rewards is not offered: the recorded updates show that it hurts: policy starved 6/6" in shown.stderr


def test_what_hurts_in_both_is_refused_once(both: dict[str, Replay]) -> None:
    both["surrogate"] = found(HELPS, HURTS)
    said = [line for line in call("patch", RUN, "--replay").stderr.splitlines() if "drop-value-clip is not" in line]
    assert [line.partition("hurts: ")[2][:5] for line in said] == ["-0.50"]


# ---- patch --replay ------------------------------------------------------------------------------------------------


def test_the_patch_is_what_the_replay_confirmed_and_says_what_hurts(replayed: Mapping[str, Any]) -> None:
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 0
    assert "+  normalize_returns: true" in shown.stdout
    assert "drop-value-clip is not offered: the replay shows that it hurts: -0.50" in shown.stderr


def test_a_fix_that_is_only_likely_is_not_in_the_patch(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(UNSURE, HURTS)
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 3
    assert "confirmed no fix" in shown.stderr
    assert not shown.stdout


def test_two_fixes_that_were_tried_together_are_written_together(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(trial("scale-rewards+lower-value-weight", Effect.HELPS, 0.6))
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 0
    assert "reward_scale" in shown.stdout
    assert "value_loss_coeff" in shown.stdout


def test_what_no_config_can_hold_is_said(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(trial("bound-value-gradient", Effect.HELPS, 0.6))
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 3
    assert "no config can hold" in shown.stderr


def test_nothing_is_patched_where_nothing_was_reproduced(replayed: dict[str, Any]) -> None:
    replayed["returns"] = found(reproduced=False)
    shown = call("patch", RUN, "--replay")
    assert shown.exit_code == 3
    assert not shown.stdout


def test_words_are_read_as_their_hyperparameters() -> None:
    read = assumptions(["shared_trunk=no", "hidden_dim=256", "activation=relu", "discrete=true", "target_kl=null"])
    wanted = {"shared_trunk": False, "hidden_dim": 256, "activation": "relu", "discrete": True, "target_kl": None}
    assert read == wanted
