"""The trainer's source as evidence: dead keys and the defaults of absent ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rundoctor.errors import UnreadableFile
from rundoctor.frameworks import framework_named
from rundoctor.model import Setting
from rundoctor.trainer_source import read_source, settled

TRAINER = """
class Trainer:
    def __init__(self, config):
        self.value_clip_epsilon = config.get('value_clip_epsilon', 0.2)
        self.lr = config["learning_rate"]
        self.epochs = config.get("update_epochs", 4)

    def again(self, config):
        return config.get("update_epochs", 10)
"""


def given(path: str, name: str, value: object) -> Setting:
    return Setting(name=name, path=path, value=value, where="config.yaml:1")


def settle(tmp_path: Path, settings: dict[str, Setting]) -> tuple[dict[str, Setting], list[str]]:
    (tmp_path / "train.py").write_text(TRAINER)
    alive, flaws = settled(settings, framework_named("rundoctor"), read_source(tmp_path))
    return alive, [flaw.message for flaw in flaws]


def test_the_default_of_an_absent_key_is_in_force_with_its_line(tmp_path: Path) -> None:
    alive, _ = settle(tmp_path, {})
    assert alive["clip_range_vf"].value == 0.2
    assert alive["clip_range_vf"].implied
    assert alive["clip_range_vf"].where == "train.py:4"


def test_a_default_that_the_source_contradicts_is_not_implied(tmp_path: Path) -> None:
    assert "n_epochs" not in settle(tmp_path, {})[0]


def test_a_key_that_the_source_never_names_is_no_setting(tmp_path: Path) -> None:
    alive, flaws = settle(tmp_path, {"vf_coef": given("algorithm.value_loss_coeff", "vf_coef", 0.25)})
    assert "vf_coef" not in alive
    assert flaws == ["algorithm.value_loss_coeff occurs nowhere in the source"]


def test_a_key_in_the_config_wins_over_the_default(tmp_path: Path) -> None:
    own = given("trainer.value_clip_epsilon", "clip_range_vf", 5.0)
    assert settle(tmp_path, {"clip_range_vf": own})[0]["clip_range_vf"] is own


@pytest.mark.parametrize("text", ["def broken(:", "\0", "x = " + "(" * 500])
def test_a_file_that_does_not_parse_is_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.py").write_text(text)
    with pytest.raises(UnreadableFile):
        read_source(tmp_path)
    (tmp_path / "train.py").write_text(TRAINER)
    assert "learning_rate" in read_source(tmp_path).words


def test_the_source_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    read_source(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_pipe_is_no_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "trainer.py")
    with pytest.raises(UnreadableFile):
        read_source(tmp_path)
