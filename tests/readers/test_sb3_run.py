"""A run that Stable-Baselines3 really trained, in every format its logger writes: the same diagnosis from each."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from rundoctor import diagnose, read_run

ZOO_CONFIG = """\
!!python/object/apply:collections.OrderedDict
- - - n_envs
    - 2
  - - n_timesteps
    - 4096.0
  - - policy
    - MlpPolicy
  - - n_steps
    - 128
  - - batch_size
    - 64
  - - learning_rate
    - lin_0.05
  - - normalize
    - true
"""


@pytest.fixture(scope="module", name="trained")
def _trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import gymnasium
    from stable_baselines3 import PPO
    from stable_baselines3.common.logger import configure
    from stable_baselines3.common.monitor import Monitor

    directory = tmp_path_factory.mktemp("trained")
    environment = Monitor(gymnasium.make("CartPole-v1"), str(directory / "0"))
    model = PPO("MlpPolicy", environment, n_steps=128, n_epochs=4, learning_rate=0.05, seed=1, device="cpu")
    model.set_logger(configure(str(directory), ["csv", "json", "tensorboard"]))
    model.learn(4096)
    environment.close()
    return directory


def said(directory: Path) -> dict[str, Any]:
    """What a diagnosis says, without the places where it was read."""
    diagnosis = diagnose(read_run(directory))
    findings = {
        kind: [(one.rule, one.message, one.onset, one.confidence) for one in getattr(diagnosis, kind)]
        for kind in ("causes", "symptoms", "hazards")
    }
    return findings | {
        "verdict": diagnosis.verdict,
        "clear": diagnosis.clear,
        "skipped": [(one.rule, one.reason) for one in diagnosis.skipped],
    }


@pytest.mark.parametrize("with_config", [False, True])
def test_each_format_gives_the_same_diagnosis(trained: Path, tmp_path: Path, with_config: bool) -> None:
    told = []
    for pattern in ("progress.csv", "progress.json", "events.*"):
        directory = tmp_path / pattern.strip("*")
        directory.mkdir()
        for file in trained.glob(pattern):
            shutil.copy(file, directory)
        if with_config:
            (directory / "config.yml").write_text(ZOO_CONFIG)
        told.append(said(directory))
    assert told[0] == told[1] == told[2]
    assert told[0]["causes"], "a learning rate of 0.05 leaves its mark"


def test_the_curves_of_the_formats_agree(trained: Path, tmp_path: Path) -> None:
    rows = read_run(trained / "progress.csv")
    events = read_run(next(trained.glob("events.*")))
    for name in ("reward_mean", "value_loss", "entropy", "approx_kl", "timesteps"):
        assert rows.curves[name].step.tolist() == events.curves[name].step.tolist(), name
        assert rows.curves[name].value.tolist() == pytest.approx(events.curves[name].value.tolist(), rel=1e-6), name
    assert rows.updates_done == events.updates_done == 32


def test_the_episode_log_alone(trained: Path) -> None:
    run = read_run(trained / "0.monitor.csv")
    assert run.format == "sb3"
    assert "value_loss" not in run.curves, "another log counts updates otherwise"
    assert run.curves["reward_mean"].value.tolist() == run.curves["episode_length"].value.tolist()
    assert 4000 < run.curves["timesteps"].value[-1] <= 4096


def test_the_directory_of_the_zoo(trained: Path, tmp_path: Path) -> None:
    directory = tmp_path / "CartPole-v1_1"
    inner = directory / "CartPole-v1"
    inner.mkdir(parents=True)
    shutil.copy(trained / "0.monitor.csv", directory)
    (inner / "config.yml").write_text(ZOO_CONFIG)
    (inner / "args.yml").write_text(ZOO_CONFIG)
    (directory / "vecnormalize.pkl").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    run = read_run(directory)
    assert run.settings["learning_rate"].value == 0.05
    assert run.settings["normalize_returns"].value is True
    notes = {one.file: one.notes for one in run.inputs}
    assert notes["args.yml"] == ("listed, not mixed: config.yml is used",)
    assert "could run code" in notes["vecnormalize.pkl"][0]
