"""A config patched after the log was written: the log is judged with the old one, and not patched again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import rundoctor
from rundoctor.cli import main
from rundoctor.config_age import config_of_log

SEED_CASE = Path(__file__).parents[1] / "fixtures" / "seed_case"


def written(path: Path, at: float) -> Path:
    path.write_text(path.name)
    os.utime(path, (at, at))
    return path


@pytest.fixture
def patched(tmp_path: Path) -> Path:
    """The seed case after its first patch."""
    run = tmp_path / "run"
    shutil.copytree(SEED_CASE, run)
    for file in run.iterdir():
        file.chmod(0o644)
        os.utime(file, (1000, 1000))
    assert CliRunner().invoke(main, ["patch", str(run), "--apply"]).exit_code == 0
    return run


def test_a_config_older_than_the_log_is_its_config(tmp_path: Path) -> None:
    config, log = written(tmp_path / "config.yaml", 1), written(tmp_path / "loss_metrics.json", 2)
    written(tmp_path / "config.yaml.bak", 3)
    assert config_of_log(config, [log]) == config


def test_the_first_backup_after_the_log_is_its_config(tmp_path: Path) -> None:
    config, log = written(tmp_path / "config.yaml", 9), written(tmp_path / "loss_metrics.json", 5)
    written(tmp_path / "config.yaml.bak", 2)
    first = written(tmp_path / "config.yaml.bak1", 6)
    written(tmp_path / "config.yaml.bak2", 8)
    assert config_of_log(config, [log]) == first


def test_a_newer_config_without_a_backup_is_taken_as_it_is(tmp_path: Path) -> None:
    config, log = written(tmp_path / "config.yaml", 9), written(tmp_path / "loss_metrics.json", 5)
    assert config_of_log(config, [log]) == config


def test_the_diagnosis_does_not_change_with_the_patch(patched: Path) -> None:
    before, after = rundoctor.read_run(SEED_CASE), rundoctor.read_run(patched)
    assert after.settings["normalize_returns"].value is False
    assert rundoctor.diagnose(after).causes[0].message == rundoctor.diagnose(before).causes[0].message


def test_a_second_patch_changes_nothing_and_says_why(patched: Path) -> None:
    config = (patched / "config.yaml").read_bytes()
    second = CliRunner().invoke(main, ["patch", str(patched), "--apply"])
    assert second.exit_code == 0
    assert second.stdout == ""
    assert "changed after this log was written" in second.stderr
    assert (patched / "config.yaml").read_bytes() == config


def test_a_newer_log_brings_the_patched_config_into_force(patched: Path) -> None:
    later = (patched / "config.yaml").stat().st_mtime + 10
    os.utime(patched / "loss_metrics.json", (later, later))
    assert rundoctor.read_run(patched).settings["normalize_returns"].value is True


def test_the_backup_of_a_link_lies_beside_the_file_it_names(tmp_path: Path) -> None:
    log, real, config = tmp_path / "run" / "log", tmp_path / "real[1].yaml", tmp_path / "run" / "config.yaml"
    log.parent.mkdir()
    backup = tmp_path / "real[1].yaml.bak"
    for time, path in enumerate((log, backup, real), start=1):
        path.write_text("")
        os.utime(path, (time, time))
    config.symlink_to(real)
    os.mkfifo(tmp_path / "real[1].yaml.bak2")
    assert config_of_log(config, [log]) == backup
