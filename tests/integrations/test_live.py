"""The diagnosis beside a training: what it tells, how often, when it stops, and that it never gets in the way."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

import rundoctor
from rundoctor.integrations import live
from rundoctor.integrations.live import CONFIRMED, SPARING, LiveDiagnosis
from rundoctor.recording import RunRecorder


def broken_from(update: int, directory: Path, stop_on: str = "never", updates: int = 20) -> list[str]:
    """Watch a run whose loss is no number from an update on; the reasons to stop, update by update."""
    recorder, watch = RunRecorder(directory), LiveDiagnosis(directory, stop_on)
    said = []
    for number in range(updates):
        recorder.episode({"alive": [1.0] * (20 + number)})
        recorder.update({"loss": float("nan") if number >= update else 1.0, "approx_kl": 0.01})
        said.append(watch.after(recorder.updates))
    return said


def test_a_cause_is_told_once_and_is_the_one_that_diagnose_names(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not any(broken_from(6, tmp_path / "a"))
    told = [record for record in caplog.records if "non-finite-update" in record.getMessage()]
    assert [record.levelno for record in told] == [logging.WARNING]
    assert "update 7: " in told[0].getMessage()
    causes = rundoctor.diagnose(rundoctor.read_run(tmp_path / "a")).causes
    assert {cause.rule for cause in causes} == {
        record.getMessage().split(": ")[2].split(" ")[0] for record in caplog.records
    }


def test_it_stops_where_an_error_stands(tmp_path: Path) -> None:
    said = broken_from(6, tmp_path / "a", "error")
    first = next(number for number, reason in enumerate(said, start=1) if reason)
    assert first == 7 + CONFIRMED - 1
    assert said[first - 1].startswith(f"stopped after update {first}: non-finite-update: ")
    assert "\n" not in said[first - 1]


def test_an_error_that_passes_does_not_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sick = tmp_path / "sick"
    broken_from(0, sick)
    healthy = tmp_path / "healthy"
    broken_from(99, healthy)
    watch = LiveDiagnosis("here", "error")
    now = [sick, sick, healthy, sick, sick, sick]
    monkeypatch.setattr(live, "read_run", lambda path: rundoctor.read_run(now.pop(0)))
    assert [bool(watch.after(update)) for update in range(1, 7)] == [False] * 5 + [True]


def test_a_warning_is_no_reason_to_stop(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watch = LiveDiagnosis(tmp_path / "a", "error")
    recorder = RunRecorder(tmp_path / "a", config={"ppo": {"learning_rate": 1e-9, "n_epochs": 1}})
    for _ in range(20):
        recorder.episode({"alive": [1.0] * 20, "goal": [0.1, -0.1] * 10})
        recorder.update({"approx_kl": 1e-9, "loss": 1.0})
        assert watch.after(recorder.updates) == ""
    assert "learning-rate-too-low (warning)" in caplog.text


def test_the_work_grows_with_the_length_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    monkeypatch.setattr(live, "read_run", lambda path: reads.append(path) or rundoctor.read_run("fixtures/seed_case"))
    monkeypatch.setattr(
        live, "diagnose", lambda run: rundoctor.model.Diagnosis(verdict=rundoctor.model.Verdict.HEALTHY)
    )
    watch, rows, late = LiveDiagnosis("here"), 0, 0
    for update in range(1, 10_001):
        before = len(reads)
        watch.after(update)
        rows += update * (len(reads) - before)
        late = update if len(reads) > before else late
        assert update - late <= update / SPARING
    assert rows < 1.1 * SPARING * 10_000


def test_the_end_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    monkeypatch.setattr(live, "read_run", lambda path: reads.append(path) or rundoctor.read_run("fixtures/seed_case"))
    watch = LiveDiagnosis("here")
    watch.after(1000)
    watch.after(1001)
    watch.after(1001, at_the_end=True)
    watch.after(1001, at_the_end=True)
    assert len(reads) == 2


@pytest.mark.parametrize("content", ["", "[", '{"a": 1}', "[1, null]", json.dumps([{"loss": "\u202e\x1b[2J"}]), None])
def test_nothing_in_the_files_gets_into_the_training(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "loss_metrics.json").write_text(content)
    watch = LiveDiagnosis(tmp_path, "error")
    assert [watch.after(update) for update in range(1, 6)] == [""] * 5


def test_a_fault_of_its_own_is_told_once_and_not_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(path: str) -> None:
        raise MemoryError("too large")

    monkeypatch.setattr(live, "read_run", fails)
    watch = LiveDiagnosis(tmp_path, "error")
    assert [watch.after(update) for update in range(1, 6)] == [""] * 5
    assert [record.getMessage().split(": ", 1)[1] for record in caplog.records] == [
        "no diagnosis: MemoryError: too large"
    ]


def test_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="stop_on must be one of never, error, got 'warning'"):
        LiveDiagnosis("here", "warning")
