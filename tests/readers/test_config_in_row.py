"""RLlib's config in the rows of ``result.json``: what the run was started with, unless a file says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rundoctor import read_run
from rundoctor.model import Run

CONFIG = {"lr": 0.001, "clip_param": 0.3, "vf_clip_param": float("inf"), "kl_coeff": 0.2, "num_env_runners": 0}


def run_of(directory: Path, config: object) -> Run:
    rows = [{"training_iteration": update, "episode_reward_mean": 2.0, "config": config} for update in (1, 2)]
    (directory / "result.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_run(directory)


def test_the_first_row_says_the_settings(tmp_path: Path) -> None:
    run = run_of(tmp_path, CONFIG)
    assert (run.settings["learning_rate"].value, run.settings["learning_rate"].where) == (0.001, "result.json:1")
    assert run.settings["value_loss_clamp"].value is None
    assert run.settings["gamma"].implied
    assert run.config is not None
    assert not run.config.is_file


def test_a_file_of_settings_comes_first(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text(json.dumps(CONFIG | {"lr": 0.5}))
    assert run_of(tmp_path, CONFIG).settings["learning_rate"].where == "params.json:1"


@pytest.mark.parametrize("config", [None, [], {}, "lr: 1", {"a": {"b": [1, None]}}])
def test_rows_without_settings(config: object, tmp_path: Path) -> None:
    run = run_of(tmp_path, config)
    assert len(run.curves["reward_mean"]) == 2
    assert run.settings == {}


def test_a_first_row_that_is_cut_off(tmp_path: Path) -> None:
    run_of(tmp_path, CONFIG)
    path = tmp_path / "result.json"
    path.write_text(path.read_text()[60:])
    assert read_run(tmp_path).settings == {}
