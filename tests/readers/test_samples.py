"""Files that the real frameworks wrote, read with no flags: tests/samples/, made by benchmarks/samples/.

``<sample>.yaml`` holds what is read of ``<sample>/``, so that no reading changes unseen: the number of updates, every
curve with its points and, where sign or factor matters, its ends, every setting with its value, those that the files
leave open, and the columns that keep their own names. That a column means what it is taken for rests on the source
that the framework's module names. ``of`` names another sample's directory, ``run`` a place below it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rundoctor import diagnose, read_run
from rundoctor.model import Run, Severity

SAMPLES = Path(__file__).parents[1] / "samples"
SCRIPTS = Path(__file__).parents[2] / "benchmarks" / "samples"
LARGEST_BYTES = 60_000
EXPECTED: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.yaml"))
}
DIRECTORIES = sorted(path for path in SAMPLES.iterdir() if path.is_dir())

every_sample = pytest.mark.parametrize("name", EXPECTED)
every_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda path: path.name)


def read(name: str) -> Run:
    expected = EXPECTED[name]
    return read_run(SAMPLES / expected.get("of", name) / expected.get("run", ""))


@every_sample
def test_the_trainer_is_told_from_the_files(name: str) -> None:
    run = read(name)
    assert run.format == EXPECTED[name]["framework"]
    assert run.updates_done == EXPECTED[name]["updates"]
    assert run.sessions == ()


@every_sample
def test_every_column_has_its_meaning(name: str) -> None:
    expected, curves = EXPECTED[name], read(name).curves
    assert sorted(curves) == sorted([*expected["curves"], *expected.get("own_names", [])])
    for metric, wanted in expected["curves"].items():
        assert len(curves[metric]) + len(curves[metric].broken) == wanted["points"], metric
        for end, place in (("first", 0), ("last", -1)):
            if end in wanted:
                assert curves[metric].value[place] == pytest.approx(wanted[end], rel=1e-5), (metric, end)


@every_sample
def test_every_setting_has_its_value(name: str) -> None:
    expected, settings = EXPECTED[name], read(name).settings
    assert {key: setting.value for key, setting in settings.items()} == expected.get("settings", {})
    assert not set(expected.get("unknown", [])) & settings.keys()


@every_sample
def test_a_healthy_run_is_not_accused(name: str) -> None:
    run = read(name)
    assert [cause.rule for cause in diagnose(run).causes if cause.severity is Severity.ERROR] == []
    assert all(read_in.skipped == 0 for read_in in run.inputs)
    assert list(run.config.flaws if run.config else ()) == []


@every_directory
def test_a_sample_is_small_and_names_no_machine(directory: Path) -> None:
    files = [path for path in directory.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST_BYTES
    for path in files:
        assert not re.search(rb"/(?:home|root|work|tmp|Users)/", path.read_bytes()), path.name


@every_directory
def test_a_script_makes_the_sample_and_something_is_said_of_it(directory: Path) -> None:
    assert directory.name in {expected.get("of", name) for name, expected in EXPECTED.items()}
    assert any(f'"{directory.name}"' in script.read_text(encoding="utf-8") for script in SCRIPTS.glob("by_*.py"))


@pytest.mark.parametrize(
    ("one", "other", "tolerance"),
    [("sb3", "sb3_json", 1e-5), ("sb3", "sb3_events", 1e-5), ("cleanrl", "wandb", 0.05), ("wandb", "wandb_csv", 1e-9)],
)
def test_one_run_in_two_formats_has_one_diagnosis(one: str, other: str, tolerance: float) -> None:
    """Weights & Biases keeps one of the episodes that end at one step, so the means of an update differ a little."""
    first, second = read(one), read(other)
    shared = first.curves.keys() & second.curves.keys()
    assert {"value_loss", "policy_loss", "entropy", "approx_kl", "reward_mean"} <= shared
    for name in shared:
        assert first.curves[name].step.tolist() == second.curves[name].step.tolist(), name
        assert first.curves[name].value.tolist() == pytest.approx(second.curves[name].value.tolist(), rel=tolerance), (
            name
        )
    assert judged(first) == judged(second)


def judged(run: Run) -> dict[str, Any]:
    said = diagnose(run)
    named = {kind: [one.rule for one in getattr(said, kind)] for kind in ("causes", "symptoms", "hazards")}
    return {"verdict": said.verdict, **named}
