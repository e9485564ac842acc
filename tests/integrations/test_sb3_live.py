"""The diagnosis inside a Stable-Baselines3 training: it changes nothing, stops cleanly, and bears company."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

sb3 = pytest.importorskip("stable_baselines3")

from stable_baselines3.common.callbacks import BaseCallback, CallbackList, EvalCallback  # noqa: E402
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor  # noqa: E402
from stable_baselines3.common.vec_env import VecNormalize  # noqa: E402

from rundoctor import read_run  # noqa: E402
from rundoctor.integrations import live  # noqa: E402
from rundoctor.integrations.sb3 import RecordingCallback  # noqa: E402
from tests.integrations.tasks import Case, environments, model_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:You have specified a mini-batch size")

SHORT = Case({"n_epochs": 2}, updates=4, time=32)
TIGHT = Case({"n_epochs": 4, "clip_range_vf": 1e-4, "learning_rate": 1e-3}, updates=40, time=32)
"""A value clip of a ten-thousandth where returns are about ten."""
CASES = {
    "one environment": Case({"n_epochs": 2}, updates=4, time=32, count=1),
    "five environments": Case({"n_epochs": 2}, updates=4, time=32, count=5),
    "normalized": Case({"n_epochs": 2}, discrete=False, normalized=True, updates=4, time=32),
}


def same(one: Any, other: Any) -> bool:
    theirs, ours = one.policy.state_dict(), other.policy.state_dict()
    return all(torch.equal(theirs[name], ours[name]) for name in theirs)


def evaluation(case: Case) -> EvalCallback:
    seen = environments(case)
    if isinstance(seen, VecNormalize):
        seen.training = False
    return EvalCallback(seen, eval_freq=case.time, n_eval_episodes=2, verbose=0)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_beside_an_evaluation_training_is_the_same_to_the_last_bit(case: Case, tmp_path: Path) -> None:
    plain = model_of(case).learn(case.steps, callback=evaluation(case))
    ours = RecordingCallback(tmp_path / "run", stop_on="error")
    watched = model_of(case).learn(case.steps, callback=[evaluation(case), ours])
    assert same(plain, watched)
    assert plain.num_timesteps == watched.num_timesteps
    run = read_run(tmp_path / "run")
    logged = {"policy_loss", "value_loss", "approx_kl", "return_mean", "policy_grad_norm", "value_grad_norm"}
    assert {name: len(run.curves[name]) for name in logged} == dict.fromkeys(logged, case.updates)


def test_an_error_that_stands_ends_the_training(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recording = RecordingCallback(tmp_path / "run", stop_on="error")
    model = model_of(TIGHT).learn(TIGHT.steps, callback=CallbackList([recording]))
    updates = read_run(tmp_path / "run").updates
    assert 8 <= updates < TIGHT.updates
    assert model.num_timesteps == updates * TIGHT.samples + TIGHT.count
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [f"stopped after update {updates}: value-clip-too-tight" in record.getMessage() for record in told] == [True]
    until_then = model_of(TIGHT).learn(updates * TIGHT.samples)
    assert same(model, until_then)


def test_without_being_asked_to_it_only_tells(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model_of(TIGHT).learn(TIGHT.steps, callback=RecordingCallback(tmp_path / "run"))
    assert read_run(tmp_path / "run").updates == TIGHT.updates
    told = [record.getMessage() for record in caplog.records if "value-clip-too-tight" in record.getMessage()]
    assert len(told) == 1
    assert "(error)" in told[0]


def test_a_failing_diagnosis_leaves_the_training_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(run: Any) -> None:
        raise RuntimeError("a fault of the doctor")

    monkeypatch.setattr(live, "diagnose", fails)
    watched = model_of(SHORT).learn(SHORT.steps, callback=RecordingCallback(tmp_path / "run", stop_on="error"))
    assert same(watched, model_of(SHORT).learn(SHORT.steps))


class Random(BaseCallback):
    """Draws from every global generator: whoever else drew would shift it."""

    drawn: list[float]

    def _on_rollout_start(self) -> None:
        self.drawn = [*getattr(self, "drawn", []), float(np.random.rand()), float(torch.rand(()))]

    def _on_step(self) -> bool:
        return True


@pytest.mark.parametrize("first", [True, False], ids=["ours first", "ours last"])
def test_other_callbacks_in_the_list_see_the_same_random_numbers(first: bool, tmp_path: Path) -> None:
    alone, beside = Random(), Random()
    model_of(SHORT).learn(SHORT.steps, callback=alone)
    both = [RecordingCallback(tmp_path / "run"), beside]
    model_of(SHORT).learn(SHORT.steps, callback=both if first else both[::-1])
    assert beside.drawn == alone.drawn


@pytest.mark.parametrize("reset", [True, False], ids=["counted anew", "counted on"])
@pytest.mark.parametrize("case", [SHORT, CASES["normalized"]], ids=["plain", "normalized"])
def test_a_resumed_training_goes_on_in_the_same_run(case: Case, reset: bool, tmp_path: Path) -> None:
    recording, models = RecordingCallback(tmp_path / "run", stop_on="error"), []
    for callback in (None, recording):
        models.append(model_of(case))
        for _ in range(2):
            models[-1].learn(case.steps, callback=callback, reset_num_timesteps=reset)
    assert same(*models)
    run = read_run(tmp_path / "run")
    assert run.curves["value_loss"].step.tolist() == list(range(2 * case.updates))
    assert run.episodes is not None
    assert run.episodes.components["total_reward"].count.max() <= 15


def test_a_stopped_training_may_go_on_and_stops_again(tmp_path: Path) -> None:
    recording = RecordingCallback(tmp_path / "run", stop_on="error")
    model = model_of(TIGHT).learn(TIGHT.steps, callback=recording)
    before = read_run(tmp_path / "run").updates
    model.learn(TIGHT.steps, callback=recording, reset_num_timesteps=False)
    assert before < read_run(tmp_path / "run").updates <= before + live.CONFIRMED + 1


def test_an_environment_that_is_exchanged_begins_new_episodes(tmp_path: Path) -> None:
    recording, model = RecordingCallback(tmp_path / "run"), model_of(SHORT)
    model.learn(SHORT.steps, callback=recording)
    model.set_env(environments(SHORT))
    model.learn(SHORT.steps, callback=recording, reset_num_timesteps=False)
    run = read_run(tmp_path / "run")
    assert run.episodes is not None
    assert run.episodes.components["total_reward"].count.max() <= 15


class Seeing(BaseFeaturesExtractor):
    """One layer before policy and critic."""

    def __init__(self, space: Any) -> None:
        super().__init__(space, 8)
        self.layer = torch.nn.Linear(3, 8)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.layer(seen))


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.filterwarnings("ignore:.*a replay cannot rebuild")
def test_the_gradient_is_divided_where_nothing_is_shared(shared: bool, tmp_path: Path) -> None:
    kwargs = {"features_extractor_class": Seeing, "share_features_extractor": shared}
    case = replace(SHORT, settings={"n_epochs": 2, "policy_kwargs": kwargs})
    model = model_of(case).learn(case.steps, callback=RecordingCallback(tmp_path / "run"))
    curves = read_run(tmp_path / "run").curves
    assert ("policy_grad_norm" in curves) is not shared
    if not shared:
        squares = [float(part.grad.square().sum()) for part in model.policy.parameters() if part.grad is not None]
        both = curves["policy_grad_norm"].value[-1] ** 2 + curves["value_grad_norm"].value[-1] ** 2
        assert both == pytest.approx(sum(squares), rel=1e-5)
