"""Where nothing can be read, the hint names what lies there and what would be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor.errors import NotARun, NothingToJudge
from rundoctor.reading import read_run
from rundoctor.unread import unread


def hint_for(directory: Path) -> str:
    with pytest.raises(NotARun) as caught:
        read_run(directory)
    return caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("progress.csv", "lossupdates,fps\n1,2\n", "a progress log without Stable-Baselines3's columns"),
    ],
)
def test_a_log_without_a_reader_is_named(tmp_path, name, text, title):
    (tmp_path / name).write_text(text)
    hint = hint_for(tmp_path)
    assert f"not read yet: {title} ({name})" in hint
    assert "what is read: loss_metrics.json" in hint


def test_a_result_of_something_else_is_no_log(tmp_path):
    (tmp_path / "result.json").write_text('{"score": 1}')
    assert unread([tmp_path / "result.json", tmp_path / "absent"]) == {}
    assert hint_for(tmp_path).startswith("looked for")


def test_a_named_file_of_another_log_is_named(tmp_path):
    (tmp_path / "progress.csv").write_text("lossupdates,fps\n1,2\n")
    assert "a progress log without" in hint_for(tmp_path / "progress.csv")


def test_a_config_alone_of_a_trainer_that_is_not_known(tmp_path):
    (tmp_path / "config.yaml").write_text("model:\n  layers: 3\n")
    assert read_run(tmp_path).inputs[1:] == ()
    (tmp_path / "events.out.tfevents.170.host").write_text("")
    run = read_run(tmp_path)
    assert run.format == "unknown"
    assert run.inputs[0].notes == ("empty: the run may have died before its first update",)


def test_a_config_alone_of_a_known_trainer(tmp_path):
    (tmp_path / "config.yaml").write_text("trainer:\n  learning_rate: 0.1\nalgorithm:\n  gamma: 0.9\n")
    assert read_run(tmp_path).format == "rundoctor"


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("config.yaml", "a: 1\n<<<<<<< HEAD\nb: 2\n", "settle the merge in config.yaml, then try again"),
        ("config.yaml", "a: [1\n", "correct config.yaml, then try again"),
        ("loss_metrics.json", "[]", "let the run finish an update, then try again"),
    ],
)
def test_the_hint_fits_the_reason(tmp_path, name, text, hint):
    (tmp_path / name).write_text(text)
    with pytest.raises(NothingToJudge) as caught:
        read_run(tmp_path)
    assert caught.value.hint == hint
