"""What to type after a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rundoctor.model import Config
from rundoctor.next_commands import next_commands
from tests.reports import sample


@pytest.mark.parametrize(
    ("path", "config", "arguments"),
    [
        ("run", "run/config.yaml", "run"),
        ("run/", "run/args.yml", "run/"),
        (".", "config.yaml", "."),
        ("run/progress.csv", "run/config.yml", "run/progress.csv"),
        ("run/config.yaml", "run/config.yaml", "run/config.yaml"),
        ("a run", "elsewhere/config.yaml", "'a run' --config elsewhere/config.yaml"),
        ("run", "run/other.yaml", "run --config run/other.yaml"),
    ],
)
def test_a_config_that_is_found_anyway_is_not_named(path, config, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    found = Config(file="config.yaml", path=config, text="", entries=())
    report = replace(sample.report(), run=replace(sample.run(), path=path, config=found))
    assert next_commands(report)[0][0] == f"rundoctor patch {arguments}"


def test_the_source_belongs_to_the_command():
    report = replace(sample.report(), run=replace(sample.run(), source="my trainer"))
    assert next_commands(report)[0][0].endswith("--source 'my trainer'")


def test_a_change_to_a_run_with_symptoms_can_be_tried_first():
    report = sample.report()
    patch, replay, *_ = (command for command, _ in next_commands(report))
    assert report.diagnosis.symptoms
    assert replay == patch.replace("patch", "replay")
    unhurt = replace(report, diagnosis=replace(report.diagnosis, symptoms=()))
    assert not any(command.startswith("rundoctor replay ") for command, _ in next_commands(unhurt))
