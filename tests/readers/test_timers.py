"""``timers.json`` of ML-Agents: the last value of every metric, and nothing where event files say more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rundoctor import read_run

SAMPLES = Path(__file__).parents[1] / "samples"


def gauges(path: Path, **content: object) -> Path:
    path.write_text(json.dumps({"name": "root", "gauges": content}))
    return path


def test_the_events_of_a_run_are_read_and_its_timers_are_listed() -> None:
    run = read_run(SAMPLES / "ml_agents")
    assert len(run.curves["value_loss"]) == 5
    assert [read.notes for read in run.inputs if read.file == "timers.json"] == [
        (f"listed, not mixed: {run.curves['value_loss'].source} is used",)
    ]


def test_without_events_the_last_value_of_the_same_run_is_left(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "ml_agents", tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "Walker")
    left, whole = read_run(tmp_path / "run"), read_run(SAMPLES / "ml_agents")
    assert left.format == "ml_agents"
    for name in ("value_loss", "entropy", "reward_mean", "learning_rate"):
        assert left.curves[name].value[-1] == pytest.approx(whole.curves[name].value[-1])


def test_of_two_behaviours_the_first_is_read(tmp_path: Path) -> None:
    point = {"value": 2.0, "min": 1.0, "max": 3.0, "count": 4}
    content = {"Walker.Losses.ValueLoss.mean": point, "Ball.Losses.ValueLoss.mean": point | {"value": 9.0}}
    run = read_run(gauges(tmp_path / "timers.json", **content))
    assert run.curves["value_loss"].value.tolist() == [2.0]
    assert "several behaviours" in " ".join(run.inputs[0].notes)


@pytest.mark.parametrize("point", [None, 3, {"value": "x", "count": 1}, {"value": 1.0}, {"value": 1.0, "count": -1}])
def test_a_gauge_that_is_none_is_left_out(tmp_path: Path, point: object) -> None:
    good = {"value": 0.5, "count": 2}
    content = {"B.Losses.ValueLoss.mean": point, "B.Policy.Entropy.mean": good}
    assert set(read_run(gauges(tmp_path / "timers.json", **content)).curves) == {"entropy"}
