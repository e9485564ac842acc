"""Settings in JSON: JSON's numbers, Spinning Up's tabs, other programs' files of that name, and patches."""

from __future__ import annotations

import json
from pathlib import Path

from rundoctor import read_run
from rundoctor.frameworks import framework_named
from rundoctor.model import Edit, Proposal, Run
from rundoctor.patching import make_patch
from rundoctor.readers.foreign.config_json import claims, read
from rundoctor.settings import read_settings
from tests.config_builders import fix

TEXT = """{
\t"gamma":\t0.99,
\t"learning_rate": 1e-05,
\t"ppo_clip_ratio": 0.1,
\t"ppo_clip_value": 1,
\t"env": "a\\u00e9"
}"""


def values(path: Path) -> dict[str, object]:
    config = read(path).config
    assert config is not None
    return {".".join(entry.path): entry.value for entry in config.entries}


def test_every_scalar_is_what_json_gives(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(TEXT)
    assert values(path) == json.loads(TEXT)
    assert read(path).input.notes == ()
    assert read(path).config.flaws == ()  # type: ignore[union-attr]


def test_a_config_without_keys_of_reinforcement_learning_is_another_programs(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"model_type": "gpt2", "hidden_size": 768}')
    assert not claims(path)
    path.write_text(TEXT)
    assert claims(path)
    assert not claims(tmp_path / "params.json")


def test_a_patch_leaves_json(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(TEXT)
    config, framework = read(path).config, framework_named("sample_factory")
    run = Run(path="", format="sample_factory", config=config, settings=read_settings(config, framework))
    edits = (Edit(name="learning_rate", value=3e-6, why=""),)
    patch = make_patch(run, [(fix(), Proposal(edits=edits))], framework)
    assert patch.new_text is not None
    assert json.loads(patch.new_text) == json.loads(TEXT) | {"learning_rate": 3e-6}
    assert patch.new_text.count("\t") == TEXT.count("\t")


def test_half_written_json_is_a_note(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(TEXT[:30])
    part = read(path)
    assert part.config is None
    assert part.input.notes[0].startswith("not JSON at line")


def test_an_empty_config_is_noted(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"training_iteration": 1, "episode_reward_mean": 2.0}\n')
    (tmp_path / "params.json").write_text("")
    run = read_run(tmp_path)
    assert run.config is None
    assert [one.notes for one in run.inputs if one.file == "params.json"] == [("no values in it",)]
