"""Public runs beside the checkout, where they are: none ends in a traceback, none that is healthy is given an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rundoctor import diagnose, read_run
from rundoctor.errors import RundoctorError
from rundoctor.model import Severity

SHARED = next(
    (parent / "shared" / "real" for parent in Path(__file__).parents if (parent / "shared" / "real").is_dir()), None
)
RUNS = sorted(path.parent for path in SHARED.rglob("verdict.json")) if SHARED else []

every_run = pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run.parent.name}/{run.name[-40:]}")


@every_run
def test_it_is_read_or_refused_in_one_line(run: Path) -> None:
    try:
        said = diagnose(read_run(run)).verdict.value
    except RundoctorError as error:
        said = str(error)
    assert "\n" not in said


@every_run
def test_no_error_on_a_run_that_its_reader_calls_healthy(run: Path) -> None:
    if json.loads((run / "verdict.json").read_text())["verdict"] != "healthy":
        pytest.skip("not called healthy")
    found = diagnose(read_run(run))
    assert [cause.rule for cause in found.causes if cause.severity is Severity.ERROR] == []
