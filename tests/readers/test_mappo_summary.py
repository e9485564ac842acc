"""The summary of on-policy MAPPO: tags that are paths, many agents, half-written files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rundoctor import read_run
from rundoctor.errors import NotARun
from rundoctor.readers.foreign.mappo_summary import read

ROOT = "/home/me/on-policy/results/MPE/run7/logs/"


def tag(name: str) -> str:
    return f"{ROOT}{name}/{name}"


SUMMARY = {
    tag("agent1/value_loss"): [[1.5, 3200, 9.0], [2.5, 19200, 8.0]],
    tag("agent0/value_loss"): [[1.5, 3200, 0.5], [2.5, 19200, 0.25]],
    tag("agent0/dist_entropy"): [[1.5, 3200, 1.5], [2.5, 19200, 1.25]],
    tag("agent0/average_episode_rewards"): [[1.5, 3200, -48.0], [2.5, 19200, -45.0]],
}


def test_the_first_agent_is_read_and_the_others_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(json.dumps(SUMMARY))
    run = read_run(tmp_path)
    assert run.format == "mappo"
    assert run.curves["value_loss"].value.tolist() == [0.5, 0.25]
    assert run.curves["agent1/value_loss"].value.tolist() == [9.0, 8.0]
    assert run.curves["reward_mean"].step.tolist() == [0, 1]
    assert run.curves["timesteps"].value.tolist() == [3200.0, 19200.0]


def test_a_summary_of_something_else_is_none(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text('{"accuracy": 0.9}')
    with pytest.raises(NotARun):
        read_run(tmp_path)


def test_half_written_and_strange_summaries(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    text = json.dumps(SUMMARY)
    path.write_text(text[: text.index("dist_entropy")])
    part = read(path)
    assert part.curves["value_loss"].value.tolist() == [0.5, 0.25]
    assert part.input.notes == ("damaged, or cut off while it is written: what can be read of 2 tag(s)",)
    path.write_text(text.replace("9.0", "9.0]}null{").replace("1.25", "1.2x5"))
    assert read(path).curves["agent1/value_loss"].value.tolist() == [9.0, 8.0]
    assert read(path).curves["entropy"].value.tolist() == [1.5]
    path.write_text('{"/logs/a/a": [[1, 2], "x", [1, 2, null], [0, 1e300, 5], [0, 7, NaN]], "/logs/b/b": 3}')
    assert read(path).curves["a"].broken.tolist() == [0]
    path.write_text('{"/logs/a\\nb/c": [[1, 2, 3]], "/logs/d/d": [[1, 2, 3]]}')
    assert list(read(path).curves) == ["d", "timesteps"]
    path.write_text("[]")
    assert read(path).input.notes == ("not a summary by tag",)
