"""The Stable-Baselines3 callback: it changes nothing, and what it records is what was used."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

gymnasium = pytest.importorskip("gymnasium")
sb3 = pytest.importorskip("stable_baselines3")

from rundoctor import read_run  # noqa: E402
from rundoctor.errors import NothingToJudge  # noqa: E402
from rundoctor.integrations.sb3 import RecordingCallback  # noqa: E402
from rundoctor.model.replay import Arm, Effect  # noqa: E402
from rundoctor.replaying.recorded.candidate import Candidate  # noqa: E402
from rundoctor.replaying.recorded.replay import recorded_control, replay_recorded  # noqa: E402
from rundoctor.replaying.recorded.update import read_update  # noqa: E402
from tests.integrations.tasks import CASES, Case, environments, model_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:You have specified a mini-batch size")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_training_is_the_same_to_the_last_bit(case: Case, tmp_path: Path) -> None:
    plain = model_of(case).learn(case.steps)
    recorded = model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    theirs, ours = plain.policy.state_dict(), recorded.policy.state_dict()
    assert all(torch.equal(theirs[name], ours[name]) for name in theirs)
    assert plain.logger.name_to_value == recorded.logger.name_to_value
    assert "_get_samples" not in recorded.rollout_buffer.__dict__


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_control_reproduces_the_run(case: Case, tmp_path: Path) -> None:
    model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    replay = replay_recorded(tmp_path / "run", [])
    assert [task.why for task in replay.tasks if not task.reproduced] == []
    assert len(replay.tasks) == case.updates
    control = replay.trial("control")
    assert control is not None
    assert control.outcomes["loss_difference_relative"] < 1e-4
    assert control.outcomes["parameter_difference"] < 1e-4
    full = case.settings.get("n_epochs", 10) * -(-case.samples // case.settings.get("batch_size", 64))
    stops = "target_kl" in case.settings
    assert (control.outcomes["minibatch_steps"] < full) == stops


def test_what_an_arm_leaves_alone_follows_the_schedules(tmp_path: Path) -> None:
    case = CASES["schedules"]
    model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    first = recorded_control(tmp_path / "run")[0]
    replay = replay_recorded(tmp_path / "run", [Candidate("same", Arm.FIX, first)])
    control, same = replay.trial("control"), replay.trial("same")
    assert control is not None
    assert same is not None
    assert dict(same.outcomes) == pytest.approx({name: control.outcomes[name] for name in same.outcomes}, rel=1e-4)
    assert same.verdict is Effect.NO_DIFFERENCE


def test_a_value_clip_is_recorded_as_theirs(tmp_path: Path) -> None:
    model_of(CASES["value clip"]).learn(CASES["value clip"].steps, callback=RecordingCallback(tmp_path / "run"))
    config, architecture = recorded_control(tmp_path / "run")
    assert (config.value_loss.value, config.clip_range_vf) == ("clip-hard", 0.2)
    assert (architecture.hidden, architecture.discrete, architecture.observations) == ((64, 64), True, 3)
    run = read_run(tmp_path / "run")
    assert run.settings["clip_range_vf"].value == 0.2
    assert run.settings["batch_size"].value == 64
    assert {"loss", "entropy", "return_mean", "value_clip_fraction"} <= run.curves.keys()


def test_the_bootstrap_is_apart_from_the_reward(tmp_path: Path) -> None:
    """The task pays 1 a step; the buffer's rewards hold the bootstrap as well, ours must not."""
    case = CASES["discrete"]
    model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    update = read_update(tmp_path / "run" / "updates" / "update_000001.npz")
    assert (update.rollout.rewards == 1.0).all()
    assert update.rollout.truncated.any()
    assert update.rollout.terminated.any()
    cut = update.rollout.truncated[0]
    assert (update.rollout.next_values[0][cut] != 0).all()


def test_episodes_are_in_the_environments_own_unit(tmp_path: Path) -> None:
    case = CASES["normalized"]
    model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    run = read_run(tmp_path / "run")
    assert run.episodes is not None
    total = run.episodes.components["total_reward"]
    assert (total.mean == 1.0).all()
    assert run.episodes.components["alive"].total.tolist() == total.total.tolist()
    with np.load(tmp_path / "run" / "updates" / "update_000001.npz") as arrays:
        assert arrays["normalizer/norm_reward"]
        assert arrays["normalizer/reward_var"] > 0
        assert (arrays["component_rewards/alive"] == 1.0).all()
        assert (arrays["rewards"] != 1.0).any()


def test_one_callback_goes_on_over_several_calls_of_learn(tmp_path: Path) -> None:
    case, callback = CASES["discrete"], RecordingCallback(tmp_path / "run")
    model = model_of(case)
    model.learn(case.samples, callback=callback)
    model.learn(case.samples, callback=callback, reset_num_timesteps=False)
    assert len(list((tmp_path / "run" / "updates").glob("*.npz"))) == 2
    with pytest.raises(FileExistsError, match="already holds a run"):
        model_of(case).learn(case.samples, callback=RecordingCallback(tmp_path / "run"))


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "activation": ({"policy_kwargs": {"activation_fn": torch.nn.ELU}}, "activation ELU"),
    "layers": ({"policy_kwargs": {"net_arch": {"pi": [8], "vf": [16]}}}, "hidden layers"),
    "optimiser": ({"policy_kwargs": {"optimizer_class": torch.optim.AdamW}}, "optimiser AdamW"),
    "decay": ({"policy_kwargs": {"optimizer_kwargs": {"weight_decay": 0.1}}}, "optimiser Adam weight_decay=0.1"),
}


@pytest.mark.parametrize(("settings", "name"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_replayed_is_named_and_the_logs_are_written(
    settings: dict[str, Any], name: str, tmp_path: Path
) -> None:
    case = dataclasses.replace(CASES["discrete"], settings=settings)
    with pytest.warns(UserWarning, match=f"cannot rebuild {name}"):
        model_of(case).learn(case.samples, callback=RecordingCallback(tmp_path / "run"))
    assert len(read_run(tmp_path / "run").curves["loss"].value) == 1
    with pytest.raises(NothingToJudge, match=f"cannot rebuild {name}"):
        replay_recorded(tmp_path / "run", [])


def test_another_algorithm_is_named(tmp_path: Path) -> None:
    case = CASES["discrete"]
    with pytest.warns(UserWarning, match="cannot rebuild algorithm A2C"):
        sb3.A2C("MlpPolicy", environments(case), device="cpu").learn(64, callback=RecordingCallback(tmp_path / "a"))
    assert read_run(tmp_path / "a").curves["value_loss"].value.size
    model = sb3.DQN("MlpPolicy", environments(case), device="cpu", buffer_size=100)
    with pytest.raises(TypeError, match="DQN is not an on-policy algorithm"):
        model.learn(8, callback=RecordingCallback(tmp_path / "b"))
