"""Arguments that a training script prints into ``log.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor import read_run

LOG = "update,frames,rreturn_mean,value_loss,policy_loss,entropy\n1,256,0.1,0.5,0.01,1.9\n2,512,0.2,0.4,0.0,1.8\n"
PRINTED = (
    "scripts/train.py --algo ppo\n\nNamespace(algo='ppo', frames_per_proc=None, procs=16, lr=0.001, clip_eps=0.2, "
    "epochs=4, batch_size=256, discount=0.99, entropy_coef=0.01)\n\nDevice: cpu\n"
)


def run_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "log.txt").write_text(text)
    return tmp_path


def test_they_are_the_settings_and_one_width_clips_policy_and_value(tmp_path: Path) -> None:
    settings = read_run(run_with(tmp_path, PRINTED)).settings
    assert settings["clip_range"].value == settings["clip_range_vf"].value == 0.2
    assert settings["rollout_steps"].value == 16 * 128
    assert settings["gamma"].where == "log.txt:3"


def test_those_of_another_algorithm_are_no_settings_of_ppo(tmp_path: Path) -> None:
    assert read_run(run_with(tmp_path, PRINTED.replace("'ppo', f", "'a2c', f"))).settings.get("value_clip") is None


@pytest.mark.parametrize(
    "text", ["", "Namespace(", "Namespace(lr=)\n", "Namespace(*x, **y)\n", "Namespace(lr=__import__('os'))\n"]
)
def test_a_line_that_is_none_is_no_setting(tmp_path: Path, text: str) -> None:
    run = read_run(run_with(tmp_path, text))
    assert len(run.curves["value_loss"]) == 2
    assert "learning_rate" not in run.settings
