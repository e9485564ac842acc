"""MLflow's file store: metrics and parameters as files, names with slashes, half-written lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor import read_run
from rundoctor.readers.foreign.mlflow_store import read


@pytest.fixture(name="stored")
def _stored(tmp_path: Path) -> Path:
    (tmp_path / "meta.yaml").write_text("run_id: 0123\nlifecycle_stage: active\n")
    for name, lines in {
        "rollout/ep_rew_mean": "1700000000000 21.5 2048\n1700000001000 30.0 4096\n",
        "train/value_loss": "1700000001000 8.0 4096\n",
        "train/entropy_loss": "1700000001000 -0.5 4096\n",
        "time/fps": "1 900 2048\n2 900 4096\n",
    }.items():
        path = tmp_path / "metrics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines)
    (tmp_path / "params").mkdir()
    for name, value in {"policy": "MlpPolicy", "gamma": "0.9", "clip_range_vf": "None", "n_epochs": "4"}.items():
        (tmp_path / "params" / name).write_text(value)
    return tmp_path


def test_metrics_and_parameters(stored: Path) -> None:
    run = read_run(stored)
    assert run.format == "sb3"
    assert run.curves["reward_mean"].value.tolist() == [21.5, 30.0]
    assert run.curves["entropy"].step.tolist() == [2]
    assert run.curves["entropy"].value.tolist() == [0.5]
    assert (run.settings["gamma"].value, run.settings["n_epochs"].value) == (0.9, 4)
    assert run.config is not None
    assert not run.config.is_file


def test_lines_that_are_no_points_are_counted(stored: Path) -> None:
    (stored / "metrics" / "time" / "fps").write_text("1 900 2048\nx\n2 nan 4096\n3 90")
    part = read(stored / "meta.yaml")
    assert part.curves["time/fps"].broken.tolist() == [2]
    assert part.input.notes == ("time/fps: 2 line(s) that are no points skipped",)


def test_old_versions_wrote_no_step(stored: Path) -> None:
    for file in ("rollout/ep_rew_mean", "train/value_loss", "train/entropy_loss", "time/fps"):
        (stored / "metrics" / file).write_text("1700000000000 1.5\n1700000001000 2.5\n")
    assert read(stored / "meta.yaml").curves["reward_mean"].step.tolist() == [1, 2]
