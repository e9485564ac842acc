"""What the recorder writes, and what is left of it when a run is killed or the disk is full."""

from __future__ import annotations

import ast
import errno
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import rundoctor
from rundoctor import recording
from rundoctor.readers import loss_metrics, reward_components
from rundoctor.recording import RunRecorder

ROOT = Path(__file__).parents[1]
RECORD = {"observations": np.zeros((8, 2, 3)), "network": {"activation": "tanh"}}


def stored(run: Path) -> list[int]:
    return sorted(int(path.stem.removeprefix("update_")) for path in (run / "updates").glob("update_*.npz"))


def test_the_three_files_are_read_back(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a", config={"ppo": {"learning_rate": 1e-5, "n_epochs": 4}})
    for update in range(3):
        for _ in range(2):
            recorder.episode({"distance": [1.0, 2.0, 3.0], "collision": [-1.0, 0.0, 0.0]}, learning_rate=1e-5)
        recorder.update({"loss": float(update), "entropy": np.float32(0.5)})
    run = rundoctor.read_run(tmp_path / "a")
    assert run.curves["loss"].value.tolist() == [0.0, 1.0, 2.0]
    assert run.curves["entropy"].value.tolist() == [0.5, 0.5, 0.5]
    assert run.curves["reward_mean"].value.tolist() == [5.0, 5.0, 5.0]
    assert run.curves["episode_length"].value.tolist() == [3.0, 3.0, 3.0]
    assert run.curves["episodes_done"].value.tolist() == [2.0, 4.0, 6.0]
    assert run.settings["learning_rate"].value == 1e-5
    assert run.settings["n_epochs"].value == 4
    assert run.episodes is not None
    distance, total = run.episodes.components["distance"], run.episodes.components["total_reward"]
    assert distance.mean.tolist() == [2.0] * 6
    assert distance.std.tolist() == pytest.approx([np.std([1, 2, 3])] * 6)
    assert total.total.tolist() == [5.0] * 6
    assert total.count.tolist() == [3.0] * 6
    assert all(not note for read in run.inputs for note in read.notes)


def test_a_total_of_its_own_is_kept(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a")
    recorder.episode({"distance": [1.0, 1.0], "total_reward": [3.0, 4.0]})
    row = json.loads((tmp_path / "a" / "reward_components_stats.json").read_text())[0]
    assert row["reward_components"]["total_reward"]["sum"] == 7.0


def test_a_loss_that_is_not_a_number_is_seen_by_the_reader(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a")
    for loss in (1.0, float("nan"), 2.0):
        recorder.update({"loss": loss})
    curve = rundoctor.read_run(tmp_path / "a").curves["loss"]
    assert curve.broken.tolist() == [1]
    assert curve.value.tolist() == [1.0, 2.0]


CONFIG = {
    "small": 1e-5,
    "big": 1e22,
    "infinite": float("inf"),
    "flag": True,
    "none": None,
    "words": ["on", "tanh", 3, 1e-7, "with: colon"],
    "yes": "no",
    "nested": {"deeper": {"x": 1}, "empty": {}},
    "numpy": np.float64(0.25),
    "1": "1",
}


def test_the_config_means_the_same_to_a_yaml_parser(tmp_path: Path) -> None:
    RunRecorder(tmp_path / "a", config=CONFIG)
    assert yaml.safe_load((tmp_path / "a" / "config.yaml").read_text()) == CONFIG


def test_without_a_config_the_trainers_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("theirs: 1\n")
    RunRecorder(tmp_path)
    assert (tmp_path / "config.yaml").read_text() == "theirs: 1\n"


@pytest.mark.parametrize("name", ["loss_metrics.json", "reward_components_stats.json", "config.yaml", "updates"])
def test_a_directory_that_holds_a_run_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match=f"already holds a run \\({name}\\)"):
        RunRecorder(tmp_path, config={"a": 1})
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_list_is_valid_after_each_record(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a")
    for update in range(5):
        assert len(json.loads((tmp_path / "a" / "loss_metrics.json").read_text())) == update
        recorder.update({"loss": 1.0})


@pytest.mark.parametrize("records", [1, 2, 3])
def test_a_write_cut_at_any_byte_costs_its_own_record_alone(tmp_path: Path, records: int) -> None:
    recorder, file = RunRecorder(tmp_path / "a"), tmp_path / "a" / "loss_metrics.json"
    for update in range(records - 1):
        recorder.update({"loss": float(update)})
    before = file.read_bytes()
    recorder.update({"loss": 99.0})
    after = file.read_bytes()
    start = len(before) - len(b"\n]\n")
    for cut in range(len(after) - start + 1):
        file.write_bytes(after[: start + cut] + before[start + cut :])
        read = loss_metrics.read(file)
        losses = read.curves["loss"].value.tolist() if "loss" in read.curves else []
        assert losses[: records - 1] == [float(update) for update in range(records - 1)]


def test_a_run_that_is_killed_leaves_files_that_are_read(tmp_path: Path) -> None:
    script = (
        "import numpy as np\n"
        "from rundoctor.recording import RunRecorder\n"
        f"recorder = RunRecorder({str(tmp_path / 'a')!r}, keep=3)\n"
        "while True:\n"
        "    recorder.episode({'a': [1.0, 2.0]})\n"
        "    recorder.update({'loss': 1.0}, {'x': np.zeros(100_000)})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 60
    while len(stored(tmp_path / "a")) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    losses = loss_metrics.read(tmp_path / "a" / "loss_metrics.json").input
    assert losses.read > 2
    assert reward_components.read(tmp_path / "a" / "reward_components_stats.json").input.read >= losses.read
    assert 2 <= len(stored(tmp_path / "a")) <= 3
    for path in (tmp_path / "a" / "updates").glob("update_*.npz"):
        with np.load(path) as arrays:
            assert arrays["x"].shape == (100_000,)


def test_the_cost_of_a_record_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, sizes = RunRecorder(tmp_path / "a"), []
    plain = json.dumps
    monkeypatch.setattr(recording.json, "dumps", lambda row: sizes.append(len(plain(row))) or plain(row))
    for _ in range(200):
        recorder.update({"loss": 1.0})
    assert max(sizes) < min(sizes) + 10


def test_updates_are_bounded_in_number_and_spread_over_the_run(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a", keep=8)
    for update in range(200):
        recorder.update({"loss": 1.0}, RECORD)
        assert len(stored(tmp_path / "a")) <= 8
        assert stored(tmp_path / "a")[-1] == update
    kept = stored(tmp_path / "a")
    assert kept[0] == 0
    assert max(np.diff(kept)) <= 2 * 200 / 8


def test_updates_are_bounded_in_bytes(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a", max_bytes=5000)
    for _ in range(30):
        recorder.update({"loss": 1.0}, RECORD)
        assert sum(path.stat().st_size for path in (tmp_path / "a" / "updates").iterdir()) <= 5000
    assert stored(tmp_path / "a")[0] == 0
    assert stored(tmp_path / "a")[-1] == 29


def test_an_update_larger_than_all_room_costs_no_other(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a", max_bytes=5000)
    recorder.update({"loss": 1.0}, RECORD)
    with pytest.warns(UserWarning, match=r"update_000001\.npz: \d+ bytes are more than max_bytes, 5000"):
        recorder.update({"loss": 1.0}, {"x": np.zeros(1000)})
    assert stored(tmp_path / "a") == [0]
    assert len(json.loads((tmp_path / "a" / "loss_metrics.json").read_text())) == 2


def test_one_update_is_the_newest(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a", keep=1)
    for _ in range(3):
        recorder.update({}, RECORD)
    assert stored(tmp_path / "a") == [2]
    with pytest.raises(ValueError, match="keep must be at least 1"):
        RunRecorder(tmp_path / "b", keep=0)


def test_an_update_holds_what_was_given(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a")
    recorder.update({"loss": 1.5}, RECORD | {"left_out": None})
    with np.load(tmp_path / "a" / "updates" / "update_000000.npz", allow_pickle=False) as arrays:
        names = {"format", "update", "metrics/loss", "observations", "network/activation"}
        assert set(arrays.files) == names
        assert arrays["metrics/loss"] == 1.5
        assert str(arrays["network/activation"]) == "tanh"


def test_an_update_that_was_not_finished_has_no_name_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = RunRecorder(tmp_path / "a")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recording.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        recorder.update({"loss": 1.0}, RECORD)
    assert stored(tmp_path / "a") == []


def test_what_would_need_a_pickle_is_refused(tmp_path: Path) -> None:
    recorder = RunRecorder(tmp_path / "a")
    with pytest.raises(TypeError, match="parameters/x: need numbers or text, got object"):
        recorder.update({}, {"parameters": {"x": np.array([None])}})


def test_a_full_disk_costs_the_record_and_not_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = RunRecorder(tmp_path / "a")
    recorder.update({"loss": 1.0})
    file = tmp_path / "a" / "loss_metrics.json"
    plain = open

    class Full(io.FileIO):
        def write(self, text: Any) -> int:
            return super().write(text[:-1])

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("builtins.open", lambda path, mode, **_: Full(path, mode.replace("b", "")))
    with pytest.warns(UserWarning, match="the training goes on"):
        recorder.update({"loss": 2.0, "a_name_longer_than_all_of_the_next_record" * 9: 1.0})
    monkeypatch.setattr("builtins.open", plain)
    assert loss_metrics.read(file).curves["loss"].value.tolist() == [1.0]
    monkeypatch.setattr(recording.Path, "write_bytes", full)
    with pytest.warns(UserWarning, match="not recorded, the training goes on"):
        recorder.update({"loss": 3.0}, RECORD)
    assert [row["loss"] for row in json.loads(file.read_text())] == [1.0, 3.0]


def test_the_file_needs_the_standard_library_and_numpy_alone() -> None:
    tree = ast.parse(Path(recording.__file__).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= {"numpy", *sys.stdlib_module_names}
