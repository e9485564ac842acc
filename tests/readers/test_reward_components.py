"""A log of reward components becomes episodes, in each layout that it has had."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.model import Episodes
from rundoctor.readers import Part
from rundoctor.readers.reward_components import claims, read

Write = Callable[[Any], Part]


@pytest.fixture(name="read_log")
def _read_log(tmp_path: Path) -> Write:
    def write(content: Any) -> Part:
        path = tmp_path / "reward_components_stats.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return read(path)

    return write


def statistics(mean: float, count: int = 10) -> dict[str, float]:
    return {"count": count, "mean": mean, "std": 0.5, "min": mean - 1, "max": mean + 1, "sum": mean * count}


def episode(number: int, **more: Any) -> dict[str, Any]:
    parts = {"total_reward": statistics(number), "spawn_reward": statistics(2.0, number)}
    return {"episode": number, "reward_components": parts, **more}


def episodes_of(part: Part) -> Episodes:
    assert part.episodes is not None
    return part.episodes


def test_statistics_by_component(read_log: Write) -> None:
    found = episodes_of(read_log([episode(0), episode(1)]))
    total = found.components["total_reward"]
    assert list(found.components) == ["total_reward", "spawn_reward"]
    assert found.index.tolist() == [0, 1]
    assert [getattr(total, name).tolist() for name in ("count", "mean", "std", "minimum", "maximum", "total")] == [
        [10, 10],
        [0, 1],
        [0.5, 0.5],
        [-1, 0],
        [1, 2],
        [0, 10],
    ]
    assert np.isnan(total.weight).all()
    assert found.source == "reward_components_stats.json"


def test_json_lines(read_log: Write) -> None:
    assert len(episodes_of(read_log("\n".join(json.dumps(episode(row)) for row in range(5))))) == 5


def test_the_old_file_of_one_episode(read_log: Write) -> None:
    found = episodes_of(read_log(episode(17, substrate_params={"size": 3})))
    assert found.index.tolist() == [17]
    assert found.scalars["substrate_params.size"].tolist() == [3]


def test_bare_means_without_wrapper_or_count(read_log: Write) -> None:
    found = episodes_of(read_log({"graph": {"mean": 1.5, "std": 0.1}, "total": {"mean": 2.0, "std": 0.2}}))
    assert list(found.components) == ["graph", "total_reward"]
    assert found.components["total_reward"].mean.tolist() == [2.0]
    assert np.isnan(found.components["graph"].count).all()


def test_the_old_name_of_the_total(read_log: Write) -> None:
    log = [{"episode": 0, "reward_components": {"total": statistics(3.0)}}]
    assert list(episodes_of(read_log(log)).components) == ["total_reward"]


def test_a_component_of_some_episodes_is_nan_in_the_others(read_log: Write) -> None:
    log = [episode(row) for row in range(4)]
    log[2]["reward_components"]["late"] = statistics(9.0)
    late = episodes_of(read_log(log)).components["late"]
    assert np.isnan(late.mean).tolist() == [True, True, False, True]
    assert late.mean[2] == 9.0


def test_weights_and_scalars(read_log: Write) -> None:
    log = [
        episode(0, component_weights_snapshot={"spawn_reward": 0.25}, success=None, entropy_coeff=0.01),
        episode(1, component_weights_snapshot={"spawn_reward": 0.5}, success=True, recent_total_loss=7.0),
        episode(2, success=False, episode_loss=3.0, node_stats={"current_nodes": 4}, mode="train", done=True),
    ]
    found = episodes_of(read_log(log))
    np.testing.assert_array_equal(found.components["spawn_reward"].weight, [0.25, 0.5, np.nan])
    np.testing.assert_array_equal(found.scalars["success"], [np.nan, 1, 0])
    np.testing.assert_array_equal(found.scalars["ent_coef"], [0.01, np.nan, np.nan])
    assert sorted(found.scalars) == [
        "ent_coef",
        "episode_loss",
        "node_stats.current_nodes",
        "recent_total_loss",
        "success",
    ]


@pytest.mark.parametrize("broken", ["nan", "inf", "1e999"])
def test_a_value_that_is_not_finite_is_missing_and_noted(read_log: Write, broken: str) -> None:
    text = json.dumps([episode(0, learning_rate=1e-3), episode(1, learning_rate=float("nan"))])
    text = text.replace("NaN", "1e999") if broken == "1e999" else text.replace("NaN", json.dumps(float(broken)))
    part = read_log(text)
    assert np.isnan(episodes_of(part).scalars["learning_rate"]).tolist() == [False, True]
    assert part.input.notes == ("learning_rate: 1 value(s) NaN or infinite, the first in row 2",)


def test_an_infinite_total_is_missing_and_its_episode_is_known(read_log: Write) -> None:
    """NaN may stand for want of a value, infinity never does."""
    log = [episode(row) for row in range(4)]
    for row, earned in ((1, float("inf")), (2, float("nan"))):
        log[row]["reward_components"]["total_reward"]["sum"] = earned
    found = episodes_of(read_log(log))
    assert np.isnan(found.components["total_reward"].total).tolist() == [False, True, True, False]
    assert found.infinite.tolist() == [1]


def test_a_resumed_run_goes_on_counting_episodes(read_log: Write) -> None:
    part = read_log([episode(0, run=1), episode(1, run=1), episode(0, run=2), episode(1, run=2)])
    assert episodes_of(part).index.tolist() == [0, 1, 2, 3]
    assert "the episode counter restarts at row 3" in part.input.notes[0]


def test_an_episode_written_again_counts_once(read_log: Write) -> None:
    found = episodes_of(read_log([episode(0), episode(1, run=1.0), episode(2), episode(1, run=2.0)]))
    assert found.index.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(found.scalars["run"], [np.nan, 2.0, np.nan])
    assert found.components["total_reward"].mean.tolist() == [0, 1, 2]


def test_without_an_episode_number_rows_are_numbered(read_log: Write) -> None:
    log = [{"reward_components": {"total_reward": statistics(row)}} for row in range(3)]
    assert episodes_of(read_log(log)).index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("content", ["", "[]", "[1, 2]", '[{"name": "x"}]', "{"])
def test_no_numbers_no_episodes(read_log: Write, content: str) -> None:
    part = read_log(content)
    assert part.episodes is None


def test_claims_by_name() -> None:
    names = ["reward_components_stats.json", "reward_components_stats_2025.json", "spawn_parameters_stats.json"]
    assert [claims(Path(name)) for name in names] == [True, True, False]


_odd = st.sampled_from([None, 3, 2.5, True, "3", [], {"mean": 1}, {"mean": "x"}, {"a": {"mean": 2, "count": {}}}])
_names = ["episode", "reward_components", "component_weights_snapshot", "success", "total_reward", "total"]


@given(st.lists(st.dictionaries(st.sampled_from(_names), _odd), max_size=8))
def test_no_values_raise_and_arrays_have_one_length(tmp_path_factory: pytest.TempPathFactory, log: list[Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "reward_components_stats.json"
    path.write_text(json.dumps(log))
    found = read(path).episodes
    if found is not None:
        assert (np.diff(found.index) > 0).all()
        arrays = [*found.scalars.values(), *(part.mean for part in found.components.values())]
        assert {len(array) for array in arrays} <= {len(found)}
        assert not any(array.flags.writeable for array in (found.index, *arrays))


def test_components_that_come_and_go_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "reward_components_stats.json"
    rows = [{"episode": row, "total_reward": {"mean": 1.0}, f"part_{row}": {"mean": 1.0}} for row in range(400)]
    path.write_text(json.dumps(rows))
    part = read(path)
    assert part.episodes is not None
    assert list(part.episodes.components) == ["total_reward"]
    assert part.episodes.components["total_reward"].std.base is not None
    assert "400 column(s) that fewer than one in 10 episodes holds are not used" in part.input.notes
