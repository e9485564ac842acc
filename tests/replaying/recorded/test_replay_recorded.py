"""Recorded updates replayed: the control arrives where the trainer did, arms change what they should, files may lie."""

from __future__ import annotations

import dataclasses
import io
import math
import signal
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from rundoctor.errors import NothingToJudge, UnreadableFile
from rundoctor.model.replay import Arm, Effect, Mode, Replay
from rundoctor.ppo import network
from rundoctor.ppo.config import Activation, AdvantageNormalization, Architecture, Config, KLStop, Returns, ValueLoss
from rundoctor.replaying.recorded.candidate import Candidate
from rundoctor.replaying.recorded.outcome import replay_update
from rundoctor.replaying.recorded.replay import recorded_control, replay_recorded
from rundoctor.replaying.recorded.restart import orders, restarted
from rundoctor.replaying.recorded.update import read_update
from rundoctor.replaying.training.watch import Progress
from tests.ppo.rollouts import seeded
from tests.replaying.recorded.records import rewrite, write_run

SMALL: dict[str, Any] = {"batch_size": 16, "n_epochs": 3}
DISCRETE = Architecture(observations=4, actions=3, discrete=True, hidden=(16, 16))
SHARED = Architecture(observations=4, actions=2, discrete=False, hidden=(12,), shared_trunk=True)
COMPONENTS = Architecture(observations=4, actions=3, discrete=True, components=2, activation=Activation.RELU)


def words(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in settings.items()}


def run_of(tmp_path: Path, architecture: Architecture = DISCRETE, **settings: Any) -> Path:
    settings = SMALL | settings
    return write_run(tmp_path / "run", architecture, Config(**settings), words(settings))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without a norm bound, so that the critic cannot reach the policy's columns."""
    return run_of(tmp_path_factory.mktemp("recorded"), max_grad_norm=1e9)


@pytest.fixture
def file(run: Path, tmp_path: Path) -> Path:
    """One update in a run of its own, to be damaged."""
    (tmp_path / "updates").mkdir()
    path = tmp_path / "updates" / "update_000002.npz"
    path.write_bytes((run / "updates" / "update_000002.npz").read_bytes())
    return path


def arm(run: Path, name: str, kind: Arm = Arm.FIX, **changes: Any) -> Candidate:
    return Candidate(name, kind, dataclasses.replace(recorded_control(run)[0], **changes))


def outcomes(replay: Replay, name: str) -> dict[str, float]:
    trial = replay.trial(name)
    assert trial is not None
    return dict(trial.outcomes)


RUNS: dict[str, tuple[Architecture, dict[str, Any]]] = {
    "plain": (DISCRETE, {}),
    "shared trunk": (SHARED, {"value_loss": ValueLoss.CLIP_MAX, "clip_range_vf": 0.3}),
    "two components": (
        COMPONENTS,
        {"component_weights": (1.0, 0.5), "advantage_normalization": AdvantageNormalization.PER_COMPONENT},
    ),
    "stop by epoch": (SHARED, {"kl_stop": KLStop.CLEANRL, "target_kl": 1e-3, "learning_rate": 3e-3}),
    "own critic rate": (DISCRETE, {"critic_learning_rate": 1e-3, "value_loss": ValueLoss.HUBER, "adam_epsilon": 1e-8}),
}


@pytest.mark.parametrize(("architecture", "settings"), RUNS.values(), ids=RUNS)
def test_the_control_comes_to_the_recorded_parameters(
    architecture: Architecture, settings: dict[str, Any], tmp_path: Path
) -> None:
    run = run_of(tmp_path, architecture, **settings)
    assert recorded_control(run) == (Config(**SMALL | settings), architecture)
    replay = replay_recorded(run, [])
    assert replay.mode is Mode.RECORDED
    assert replay.reproduced
    assert (replay.updates, len(replay.tasks)) == (4, 4)
    assert outcomes(replay, "control")["parameter_difference"] < 1e-4
    assert "next parameters to" in replay.tasks[0].why


def test_a_tight_value_clip_stops_the_critic_and_leaves_the_policy(run: Path) -> None:
    clipped = arm(run, "tight", value_loss=ValueLoss.CLIP_HARD, clip_range_vf=1e-4)
    replay = replay_recorded(run, [clipped])
    control, tight = outcomes(replay, "control"), outcomes(replay, "tight")
    assert control["value_clip_fraction"] == 0.0
    assert tight["value_clip_fraction"] > 0.5
    assert tight["critic_error_after_reward_units"] > control["critic_error_after_reward_units"]
    assert tight["critic_error_before_reward_units"] == control["critic_error_before_reward_units"]
    assert tight["policy_kl_nat"] == pytest.approx(control["policy_kl_nat"], rel=1e-4)
    assert tight["policy_gradient_cosine"] == pytest.approx(1.0)


def test_a_tight_policy_clip_holds_the_policy_and_leaves_the_critic(run: Path) -> None:
    replay = replay_recorded(run, [arm(run, "tight", clip_range=1e-3)])
    control, tight = outcomes(replay, "control"), outcomes(replay, "tight")
    assert tight["policy_kl_nat"] < 0.5 * control["policy_kl_nat"]
    assert tight["critic_error_after_reward_units"] == pytest.approx(control["critic_error_after_reward_units"])


def test_an_arm_that_changes_nothing_makes_no_difference(run: Path) -> None:
    replay = replay_recorded(
        run, [arm(run, "same"), arm(run, "placebo", Arm.PLACEBO), arm(run, "control", Arm.CONTROL)]
    )
    same, placebo = replay.trial("same"), replay.trial("placebo")
    assert same is not None
    assert placebo is not None
    assert same.verdict is Effect.NO_DIFFERENCE
    shown = {name: value for name, value in outcomes(replay, "control").items() if name in same.outcomes}
    assert dict(same.outcomes) == pytest.approx(shown, rel=1e-4)
    assert placebo.outcomes["policy_kl_nat"] != same.outcomes["policy_kl_nat"]
    assert placebo.verdict in {Effect.NO_DIFFERENCE, Effect.INCONCLUSIVE}
    assert [trial.fix for trial in replay.trials] == ["control", "same", "placebo"]


def test_other_batches_and_epochs_run_beside_the_control(run: Path) -> None:
    replay = replay_recorded(run, [arm(run, "batch", batch_size=32), arm(run, "epochs", n_epochs=5)])
    assert [outcomes(replay, name)["minibatch_steps"] for name in ("control", "batch", "epochs")] == [12, 6, 20]


def test_with_another_discount_the_critic_is_not_judged(run: Path) -> None:
    trial = replay_recorded(run, [arm(run, "discount", gamma=0.5)]).trial("discount")
    assert trial is not None
    assert "its critic is not judged" in trial.note
    assert trial.outcomes["policy_gradient_cosine"] < 0.999


def test_an_arm_that_the_network_cannot_run_is_listed(run: Path) -> None:
    replay = replay_recorded(run, [arm(run, "weights", component_weights=(1.0, 2.0))])
    assert [(left.fix, left.reason) for left in replay.not_run] == [
        ("weights", "need 1 component_weights, one a reward component")
    ]


def test_a_running_scale_starts_from_the_same_critic(file: Path) -> None:
    update = read_update(file)
    bank, rollout, settings, unit = restarted(update, [update.config, Config(**SMALL, returns=Returns.RUNNING)])
    assert settings.anyone_scales
    assert unit[0, 0] == 1.0
    assert unit[1, 0] > 1.5
    torch.testing.assert_close(rollout.values * unit[:, :, None, None], update.rollout.values.expand(2, -1, -1, -1))
    values = (
        network.forward(update.architecture, bank.theta, rollout.observations.flatten(1, 2)).values * unit[..., None]
    )
    torch.testing.assert_close(values[1], values[0])
    replayed = replay_update(update, [update.config, Config(**SMALL, returns=Returns.RUNNING)], 0)
    assert replayed.outcomes[0].critic_error_before == replayed.outcomes[1].critic_error_before
    assert replayed.outcomes[1].critic_error_after < 2 * replayed.outcomes[1].critic_error_before


def test_an_update_that_is_not_reproduced_is_not_judged(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    rewrite(run / "updates" / "update_000003.npz", settings__learning_rate=1e-9)
    replay = replay_recorded(run, [arm(run, "rate", learning_rate=1e-12)])
    assert [task.reproduced for task in replay.tasks] == [True, True, True, False]
    trial = replay.trial("rate")
    assert trial is not None
    assert "policy stands still 3/3" in trial.note


def test_what_an_early_stop_left_is_drawn(file: Path) -> None:
    with np.load(file) as arrays:
        order = arrays["order"].copy()
    order[1, 20:], order = -1, order[:2]
    rewrite(file, order=order)
    drawn = orders(read_update(file), 3, seeded(0), fresh=False)
    assert drawn[0].tolist() == order[0].tolist()
    assert drawn[1, :20].tolist() == order[1, :20].tolist()
    assert (drawn.sort(1).values == torch.arange(order.shape[1])).all()


def test_a_control_that_arrives_elsewhere_gives_no_verdicts(file: Path) -> None:
    with np.load(file) as arrays:
        after = arrays["parameters_after/critic.0.weight"] + 1e-3
    rewrite(file, **{"parameters_after__critic.0.weight": after})
    replay = replay_recorded(file.parents[1], [])
    assert not replay.reproduced
    assert replay.trials == ()
    assert "next parameters to 0.001 where" in replay.tasks[0].why


@pytest.mark.parametrize("name", ["loss", "policy_loss", "value_loss", "entropy"])
def test_a_control_with_other_losses_gives_no_verdicts(file: Path, name: str) -> None:
    rewrite(file, **{f"metrics__{name}": 1e6})
    replay = replay_recorded(file.parents[1], [])
    assert not replay.reproduced
    assert replay.tasks[0].why.startswith("losses to 1 of their size")


def test_standing_still_reproduces_nothing(file: Path) -> None:
    """A tiny step is close to no step at all: the difference must be small beside what the update moved."""
    with np.load(file) as arrays:
        before = {name: arrays[name] for name in arrays.files if name.startswith("parameters/")}
    after = {name.replace("parameters/", "parameters_after__"): value + 1e-6 for name, value in before.items()}
    rewrite(file, settings__learning_rate=1e-12, **after)
    assert not replay_recorded(file.parents[1], []).reproduced


def test_an_update_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    (run / "updates" / "update_000000.npz").write_bytes(b"not a zip")
    replay = replay_recorded(run, [])
    assert [task.reproduced for task in replay.tasks] == [False, True, True, True]
    assert "not a recorded update" in replay.tasks[0].why
    assert replay.updates == 3


def test_the_updates_to_replay_are_spread(run: Path) -> None:
    names = [task.name for task in replay_recorded(run, [], updates=2).tasks]
    assert names == ["update_000000", "update_000003"]


def test_the_same_call_gives_the_same_bytes(run: Path) -> None:
    arms = [arm(run, "placebo", Arm.PLACEBO), arm(run, "epochs", n_epochs=5)]
    assert replay_recorded(run, arms).to_dict() == replay_recorded(run, arms).to_dict()


def test_a_run_without_updates_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToJudge, match="no recorded updates") as error:
        replay_recorded(tmp_path, [])
    assert "RunRecorder" in error.value.hint


HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "an array of objects": ({"values": np.array([{}, []], dtype=object)}, "not a recorded update .*allow_pickle"),
    "text for numbers": ({"values": np.array("x")}, "values holds no numbers"),
    "a wrong shape": ({"values": np.zeros((3, 2, 1))}, r"values is \[3, 2, 1\], not \[32, 2, 1\]"),
    "a missing key": ({"rewards": None}, "no rewards"),
    "NaN": ({"observations": np.full((32, 2, 4), np.nan)}, "observations holds NaN or infinite values"),
    "an action outside": ({"actions": np.full((32, 2), 9)}, "actions outside 0 to 2"),
    "an order that repeats": ({"order": np.zeros((3, 64), int)}, "order is not one of 64 samples"),
    "an order outside": ({"order": np.arange(64)[None] + 1}, "order is not one of 64 samples"),
    "another format": ({"format": 99}, "format 99, this version reads 1"),
    "no samples": ({"log_probs": np.zeros((0, 2))}, "no samples"),
    "a huge number": ({"update": 1e300}, "is none"),
    "a setting that is none": ({"settings__dropout": 0.1}, "the core has no setting dropout"),
    "a word that is none": ({"settings__value_loss": "mean"}, "settings/value_loss is not understood"),
    "a number that is none": ({"settings__n_epochs": "many"}, "settings/n_epochs is not understood"),
    "no epochs": ({"settings__n_epochs": 0}, "n_epochs must be at least 1"),
    "no minibatch": ({"settings__batch_size": -1}, "batch_size must be at least 1"),
    "an activation": ({"network__activation": "gelu"}, "cannot rebuild this network: 'gelu'"),
    "no activation": ({"network__activation": None}, "cannot rebuild this network"),
    "a layer of another kind": ({"parameters__conv.weight": np.zeros(3)}, "network has no parameters/conv.weight"),
    "a head of another width": ({"parameters__policy.head.weight": np.zeros((3, 5))}, r"is \[3, 5\], not \[3, 16\]"),
}


@pytest.mark.parametrize(("changes", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_update_gives_one_clear_line(file: Path, changes: dict[str, Any], message: str) -> None:
    rewrite(file, **changes)
    with pytest.raises(UnreadableFile, match=message) as error:
        replay_recorded(file.parents[1], [])
    assert str(file) in error.value.message
    assert "\n" not in error.value.message
    assert error.value.hint


def test_a_file_cut_anywhere_gives_one_clear_line(file: Path) -> None:
    whole = file.read_bytes()
    for end in range(0, len(whole), len(whole) // 50):
        file.write_bytes(whole[:end])
        with pytest.raises(UnreadableFile, match="not a recorded update"):
            read_update(file)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_flipped_bytes_never_raise_anything_else(file: Path, save: Any) -> None:
    with np.load(file) as arrays:
        content = dict(arrays)
    save(file, **content)
    whole, draw = bytearray(file.read_bytes()), np.random.default_rng(0)
    for _ in range(300):
        damaged = bytearray(whole)
        for place in draw.integers(0, len(whole), 3):
            damaged[place] ^= int(draw.integers(1, 256))
        file.write_bytes(damaged)
        try:
            read_update(file)
        except UnreadableFile as error:
            assert "\n" not in error.message  # noqa: PT017


def test_a_header_that_promises_more_than_there_is(file: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**13,)})
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("values.npy", header.getvalue())
    with pytest.raises(UnreadableFile, match="not a recorded update"):
        read_update(file)


def test_what_unpacks_without_end_is_not_unpacked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rundoctor.replaying.recorded.update_file.MOST_BYTES", 1000)
    with pytest.raises(UnreadableFile, match="unpacks to"):
        read_update(file)


def test_a_diverging_arm_is_said_to(run: Path) -> None:
    replay = replay_recorded(run, [arm(run, "wild", learning_rate=1e30)])
    wild = replay.trial("wild")
    assert wild is not None
    assert wild.verdict is Effect.HURTS
    assert "diverged 4/4" in wild.note
    assert not any(math.isnan(value) for value in outcomes(replay, "control").values())
    replay.to_dict()


# ---- while somebody waits --------------------------------------------------------------------------------------------


def test_the_progress_is_that_of_the_updates(run: Path) -> None:
    told: list[int] = []

    def begin(total: int) -> Progress:
        told.append(-total)
        return told.append

    replay = replay_recorded(run, [], begin=begin)
    assert told == [-len(replay.tasks)] + [1] * len(replay.tasks)


def test_ctrl_c_keeps_what_is_known(run: Path) -> None:
    before, presses = signal.getsignal(signal.SIGINT), [signal.SIGINT]
    replay = replay_recorded(run, [], begin=lambda total: lambda made: presses and signal.raise_signal(presses.pop()))
    first, *others = replay.tasks
    assert first.reproduced
    assert others
    assert {task.why for task in others} == {"interrupted before it was replayed"}
    assert replay.updates == 1
    assert signal.getsignal(signal.SIGINT) is before
