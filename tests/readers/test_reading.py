"""A path becomes a run: which files are taken, which are listed, and what is no run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rundoctor.errors import NotARun, NothingToJudge, UnreadableFile
from rundoctor.model import Input, Run
from rundoctor.reading import read_run

LOSS = json.dumps([{"batch": 0, "loss": 1.0}, {"batch": 1, "loss": 2.0}])
REWARDS = json.dumps([{"episode": 0, "reward_components": {"total_reward": {"mean": 1.0, "count": 3}}}])
CONFIG = "trainer:\n  learning_rate: 0.0003\nalgorithm:\n  gamma: 0.99\n"
SB3 = "time/iterations,rollout/ep_rew_mean\n1,5.0\n2,6.0\n"
SB3_LINES = '{"time/iterations": 1, "rollout/ep_rew_mean": 7.0}\n'


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Path:
    (tmp_path / "loss_metrics.json").write_text(LOSS)
    (tmp_path / "reward_components_stats.json").write_text(REWARDS)
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path


def inputs(run: Run) -> dict[str, Input]:
    return {each.file: each for each in run.inputs}


def test_the_three_files(place: Path) -> None:
    run = read_run(place)
    assert (run.format, run.updates, run.path) == ("rundoctor", 2, str(place))
    assert run.episodes is not None
    assert len(run.episodes) == 1
    assert run.config is not None
    assert run.settings["learning_rate"].value == 0.0003
    assert [each.file for each in run.inputs] == ["loss_metrics.json", "reward_components_stats.json", "config.yaml"]


@pytest.mark.parametrize("name", ["loss_metrics.json", "reward_components_stats.json", "config.yaml"])
def test_any_of_the_three_alone(place: Path, name: str) -> None:
    for file in place.iterdir():
        if file.name != name:
            file.unlink()
    run = read_run(place)
    assert run.format == "rundoctor"
    assert [each.file for each in run.inputs] == [name]


def test_one_of_the_files_stands_for_its_directory(place: Path) -> None:
    (place / "loss_metrics_20251101.json").write_text(json.dumps([{"batch": 0, "loss": 9.0}]))
    run = read_run(place / "loss_metrics_20251101.json")
    assert run.curves["loss"].value.tolist() == [9.0]
    assert run.curves["loss"].source == "loss_metrics_20251101.json"
    assert run.episodes is not None
    assert "listed, not mixed" in inputs(run)["loss_metrics.json"].notes[0]


def test_the_latest_timestamp_is_used_and_the_others_listed(place: Path) -> None:
    (place / "loss_metrics.json").unlink()
    for day in ("20251028_120000", "20251101_080000", "20250930_235959"):
        (place / f"loss_metrics_{day}.json").write_text(json.dumps([{"batch": 0, "loss": float(day[4:8])}]))
    run = read_run(place)
    assert run.curves["loss"].value.tolist() == [1101.0]
    assert sum("listed, not mixed" in note for note in run.notes) == 2


def test_another_trainers_log_beside_is_listed_not_mixed(place: Path) -> None:
    (place / "progress.csv").write_text(SB3)
    run = read_run(place)
    assert run.format == "rundoctor"
    assert "reward_mean" not in run.curves
    assert inputs(run)["progress.csv"].notes == ("listed, not mixed: another trainer's log beside one of rundoctor",)


def test_the_named_log_of_another_trainer_is_read(place: Path) -> None:
    (place / "progress.csv").write_text(SB3)
    run = read_run(place / "progress.csv")
    assert (run.format, sorted(run.curves), run.episodes) == ("sb3", ["reward_mean"], None)


def test_progress_csv_is_preferred_to_progress_json(tmp_path: Path) -> None:
    (tmp_path / "progress.csv").write_text(SB3)
    (tmp_path / "progress.json").write_text(SB3_LINES)
    run = read_run(tmp_path)
    assert run.curves["reward_mean"].source == "progress.csv"
    assert "listed, not mixed" in inputs(run)["progress.json"].notes[0]


@pytest.mark.parametrize("csv", [None, "", "time/iterations,rollout/ep_rew_mean\n"])
def test_progress_json_serves_where_the_csv_does_not(tmp_path: Path, csv: str | None) -> None:
    if csv is not None:
        (tmp_path / "progress.csv").write_text(csv)
    (tmp_path / "progress.json").write_text(SB3_LINES)
    assert read_run(tmp_path).curves["reward_mean"].source == "progress.json"


def test_the_config_may_lie_elsewhere(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "mine.yaml"
    other.write_text(CONFIG.replace("0.0003", "0.5"))
    run = read_run(place, config=other)
    assert run.settings["learning_rate"].value == 0.5
    assert "config.yaml" not in inputs(run)


@pytest.mark.parametrize("option", ["config", "source"])
def test_a_named_path_that_does_not_exist(place: Path, option: str) -> None:
    with pytest.raises(UnreadableFile, match="no such file") as caught:
        read_run(place, **{option: place / "nowhere"})
    assert f"--{option}" in caught.value.hint


@pytest.mark.parametrize("name", ["nowhere", "no\0where", "x" * 5000])
def test_a_path_that_does_not_exist(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotARun):
        read_run(f"{tmp_path}/{name}")


def test_a_directory_without_a_run_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(NotARun) as caught:
        read_run(tmp_path)
    assert "loss_metrics.json" in caught.value.hint


def test_a_directory_of_runs_names_five_of_them(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"run{number}").mkdir()
        (tmp_path / f"run{number}" / "loss_metrics.json").write_text(LOSS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotARun) as caught:
        read_run(tmp_path)
    assert caught.value.hint == f"one is read at a time, such as the latest: rundoctor {tmp_path / 'run6'}"


def test_a_file_that_is_no_run_file(place: Path) -> None:
    (place / "label.json").write_text("{}")
    with pytest.raises(NotARun, match="not a file of a training run"):
        read_run(place / "label.json")


def _directory(path: Path) -> None:
    path.mkdir()


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "gone")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


ODD_FILES = pytest.mark.parametrize("make", [_directory, _dangling, _pipe, _loop])


@ODD_FILES
@pytest.mark.parametrize("name", ["loss_metrics.json", "reward_components_stats.json", "config.yaml"])
def test_one_file_that_cannot_be_opened_is_noted(place: Path, make: object, name: str) -> None:
    (place / name).unlink()
    make(place / name)  # type: ignore[operator]
    run = read_run(place)
    assert inputs(run)[name].read == 0
    assert "cannot be opened" in inputs(run)[name].notes[0]


@ODD_FILES
def test_nothing_that_can_be_opened(tmp_path: Path, make: object) -> None:
    make(tmp_path / "loss_metrics.json")  # type: ignore[operator]
    make(tmp_path / "progress.csv")  # type: ignore[operator]
    with pytest.raises(UnreadableFile) as caught:
        read_run(tmp_path)
    assert "\n" not in caught.value.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_noted(place: Path) -> None:
    (place / "loss_metrics.json").chmod(0)
    assert "Permission denied" in read_run(place).notes[0]


@pytest.mark.parametrize("text", ["", "[]", "[1, 2", "<html>"])
def test_files_without_anything_usable(tmp_path: Path, text: str) -> None:
    (tmp_path / "loss_metrics.json").write_text(text)
    with pytest.raises(NothingToJudge) as caught:
        read_run(tmp_path)
    assert caught.value.exit_code == 3
    assert "\n" not in caught.value.message


def test_an_empty_log_beside_a_config_is_a_run(place: Path) -> None:
    (place / "loss_metrics.json").write_text("")
    (place / "reward_components_stats.json").unlink()
    run = read_run(place)
    assert run.updates == 0
    assert "died before its first update" in run.notes[0]


def test_neither_pandas_nor_torch_is_imported(place: Path) -> None:
    code = (
        f"import sys; from rundoctor.reading import read_run; read_run({str(place)!r}); "
        "sys.exit(bool({'pandas', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("make", [_dangling, _pipe, _loop])
def test_a_file_that_was_named_must_open(place: Path, make: object) -> None:
    (place / "loss_metrics.json").unlink()
    make(place / "loss_metrics.json")  # type: ignore[operator]
    with pytest.raises(UnreadableFile, match=r"loss_metrics\.json cannot be opened"):
        read_run(place / "loss_metrics.json")


@pytest.mark.parametrize("make", [_directory, _pipe])
def test_a_config_that_was_named_must_open(place: Path, make: object) -> None:
    make(place / "other.yaml")  # type: ignore[operator]
    with pytest.raises(UnreadableFile, match=r"other\.yaml cannot be opened: not a regular file"):
        read_run(place, config=place / "other.yaml")


@pytest.mark.parametrize(
    ("path", "reason"), [("", "'': no such file"), ("x" * 5000, "file name too long"), ("a\0b", "no such file")]
)
def test_a_path_that_is_none(path: str, reason: str) -> None:
    with pytest.raises(NotARun, match=reason):
        read_run(path)


def test_a_pipe_that_is_called_as_a_log_without_a_reader(tmp_path: Path) -> None:
    _pipe(tmp_path / "result.json")
    with pytest.raises(NotARun, match="no training run here"):
        read_run(tmp_path)
