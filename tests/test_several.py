"""Several runs under one path: they are listed with the command for one of them, and never mixed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rundoctor import read_run
from rundoctor.cli import main
from rundoctor.errors import NotARun
from tests.event_builders import write_events

PROGRESS = "time/iterations,rollout/ep_rew_mean,train/value_loss\n" + "".join(
    f"{update},{update},{9 - update}\n" for update in range(1, 9)
)


def put(directory: Path, name: str = "progress.csv", text: str = PROGRESS, written: int = 0) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(text)
    os.utime(directory / name, (written, written))
    return directory


def diagnose(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["diagnose", str(path), *options])


def test_runs_of_one_project_are_listed_with_the_command_for_the_latest(tmp_path: Path) -> None:
    for name, written in (("PPO 1", 10), ("PPO 2", 30), ("PPO 3", 20)):
        put(tmp_path / name, written=written)
    result = diagnose(tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{tmp_path}: holds 3 runs: PPO 1, PPO 2, PPO 3; " in result.stderr
    assert result.stderr.endswith(f"rundoctor '{tmp_path}/PPO 2'\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("below", ["logs/ppo/CartPole-v1_{}", "logs/2024/{}/a", "{}/tb/deep/er"])
def test_runs_are_found_some_levels_down(below: str, tmp_path: Path) -> None:
    for number in (1, 2):
        put(tmp_path / below.format(number))
    with pytest.raises(NotARun, match="holds 2 runs") as caught:
        read_run(tmp_path)
    command = caught.value.hint.partition("rundoctor ")[2]
    assert read_run(command).updates == 8


def test_a_link_that_leads_nowhere_readable_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "only")
    (tmp_path / "odd").symlink_to("x" * 300)
    assert read_run(tmp_path).updates == 8


def test_trials_of_rllib_are_listed_and_not_the_experiment_s_own_files(tmp_path: Path) -> None:
    for trial in ("PPO_env_00000", "PPO_env_00001"):
        put(tmp_path / trial, "result.json", '{"training_iteration": 1, "episode_reward_mean": 2.0}\n')
    (tmp_path / "experiment_state-2024.json").write_text('{"trial_data": []}')
    with pytest.raises(NotARun, match="holds 2 runs: PPO_env_00000, PPO_env_00001"):
        read_run(tmp_path)


def test_runs_of_different_trainers_are_listed(tmp_path: Path) -> None:
    put(tmp_path / "a")
    write_events(tmp_path / "b", {"Train/mean_reward": [(0, 1.0), (1, 2.0)], "Loss/value": [(0, 1.0), (1, 2.0)]})
    with pytest.raises(NotARun, match="holds 2 runs: a, b"):
        read_run(tmp_path)


def test_a_run_inside_a_run_is_not_mixed_into_it_and_is_named(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path / "second", text=PROGRESS.replace("\n8,8", "\n9,100"))
    run = read_run(tmp_path)
    assert run.curves["reward_mean"].value.max() == 8
    assert {one.file: one.another for one in run.inputs if one.another} == {"second": str(tmp_path / "second")}
    assert f"rundoctor {tmp_path}/second" in diagnose(tmp_path).stdout.replace("\n", "")


def test_two_logs_of_one_kind_are_two_runs(tmp_path: Path) -> None:
    put(tmp_path, "progress_1.csv")
    put(tmp_path, "progress_2.csv")
    run = read_run(tmp_path)
    assert [(one.file, one.read) for one in run.inputs] == [("progress_2.csv", 8), ("progress_1.csv", 0)]
    assert run.inputs[1].another == str(tmp_path / "progress_1.csv")


def test_the_same_run_in_two_formats_is_one(tmp_path: Path) -> None:
    put(tmp_path)
    write_events(tmp_path, {"rollout/ep_rew_mean": [(1, 1.0)], "train/value_loss": [(1, 1.0)]})
    assert not any(one.another for one in read_run(tmp_path).inputs)


def test_a_link_to_the_latest_run_is_not_counted_twice(tmp_path: Path) -> None:
    put(tmp_path / "run-1")
    put(tmp_path / "run-2")
    (tmp_path / "latest-run").symlink_to("run-2")
    with pytest.raises(NotARun, match="holds 2 runs: run-1, run-2"):
        read_run(tmp_path)


@pytest.mark.parametrize("of_one_run", [True, False])
def test_a_folder_of_weights_and_biases_says_how_to_get_its_history(of_one_run: bool, tmp_path: Path) -> None:
    directory = tmp_path / "run-20240101_120000-abc"
    put(directory, "run-abc.wandb", "binary")
    put(directory / "files", "wandb-summary.json", '{"losses/value_loss": 1.0, "charts/episodic_return": 3.0}')
    with pytest.raises(NotARun) as caught:
        read_run(directory if of_one_run else tmp_path)
    assert "wandb's own format: export it as CSV (run-abc.wandb)" in caught.value.hint
