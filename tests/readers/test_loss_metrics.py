"""A loss log becomes curves: names, steps, resumed runs, values of a wrong kind."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.model import Curve
from rundoctor.readers import Part
from rundoctor.readers.loss_metrics import claims, read

Write = Callable[[Any], Part]


@pytest.fixture(name="read_log")
def _read_log(tmp_path: Path) -> Write:
    def write(content: Any) -> Part:
        path = tmp_path / "loss_metrics.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return read(path)

    return write


def rows(steps: list[int], **more: Any) -> list[dict[str, Any]]:
    return [{"batch": step, "loss": float(place), **more} for place, step in enumerate(steps)]


def check_invariants(curve: Curve) -> None:
    assert (np.diff(curve.step) > 0).all()
    assert np.isfinite(curve.value).all()
    assert len(curve.step) == len(curve.value)
    assert not set(curve.broken) & set(curve.step)
    assert not any(array.flags.writeable for array in (curve.step, curve.value, curve.broken))


def test_columns_get_canonical_names_and_others_keep_theirs(read_log: Write) -> None:
    part = read_log([{"episode": 9, "batch": 0, "loss": 1, "total_value_loss": 2.0, "value_loss_spawn": 3, "odd": 4}])
    assert {name: curve.value.tolist() for name, curve in part.curves.items()} == {
        "episodes_done": [9],
        "loss": [1],
        "value_loss": [2],
        "value_loss_spawn": [3],
        "odd": [4],
    }
    assert part.curves["loss"].source == "loss_metrics.json"


def test_nested_numbers_get_dotted_names(read_log: Write) -> None:
    part = read_log([{"batch": 0, "model_selection": {"kpis": {"return_mean": 7.5}, "best_model_filename": "a.pt"}}])
    assert part.curves["model_selection.kpis.return_mean"].value.tolist() == [7.5]
    assert part.input.notes == ()


@pytest.mark.parametrize("counter", ["batch", "update", "iteration", "step"])
def test_the_counter_is_the_step(read_log: Write, counter: str) -> None:
    part = read_log([{counter: 10, "loss": 1.0}, {counter: 20, "loss": 2.0}])
    assert part.curves["loss"].step.tolist() == [10, 20]
    assert list(part.curves) == ["loss"]


def test_rows_are_the_steps_without_a_counter(read_log: Write) -> None:
    part = read_log([{"episode": 149, "loss": 1.0}, {"episode": 291, "loss": 2.0}])
    assert part.curves["loss"].step.tolist() == [0, 1]


def test_null_is_not_logged_and_nan_is_broken(read_log: Write) -> None:
    part = read_log(
        '[{"batch":0,"loss":null},{"batch":1,"loss":NaN},{"batch":2,"loss":3},{"batch":3,"loss":-Infinity}]'
    )
    curve = part.curves["loss"]
    assert (curve.step.tolist(), curve.broken.tolist()) == ([2], [1, 3])


def test_a_column_of_nan_alone_is_a_curve_without_values(read_log: Write) -> None:
    curve = read_log('[{"batch":0,"loss":NaN},{"batch":1,"loss":NaN}]').curves["loss"]
    assert (len(curve), curve.broken.tolist()) == (0, [0, 1])


@pytest.mark.parametrize(
    ("value", "kind"),
    [("high", "text"), ("0.5", "numbers written as text"), (True, "true or false"), ([1], "lists")],
)
def test_a_value_of_a_wrong_kind_is_skipped_and_noted(read_log: Write, value: Any, kind: str) -> None:
    part = read_log([{"batch": 0, "loss": 1.0}, {"batch": 1, "loss": value}, {"batch": 2, "loss": value}])
    assert part.curves["loss"].step.tolist() == [0]
    assert part.input.notes == (f"loss: 2 value(s) skipped: {kind}",)


def test_text_and_truth_values_are_no_metrics_and_no_news(read_log: Write) -> None:
    part = read_log([{"batch": 0, "loss": 1.0, "checkpoint_filename": "best_model_batch0.pt", "done": True}])
    assert list(part.curves) == ["loss"]
    assert part.input.notes == ()


def test_numbers_written_as_text_are_noted_in_any_column(read_log: Write) -> None:
    part = read_log([{"batch": 0, "loss": 1.0, "rate": "3e-4"}])
    assert part.input.notes == ("rate: 1 value(s) skipped: numbers written as text",)


def test_a_restarting_counter_starts_a_second_session(read_log: Write) -> None:
    part = read_log(rows([0, 1, 2, 3, 0, 1, 2]))
    assert part.curves["loss"].step.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert part.curves["loss"].value.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert part.input.notes == ("the batch counter restarts at row 5: a resumed run, session 2 starts at update 4",)


def test_episodes_go_on_counting_in_the_second_session(read_log: Write) -> None:
    log = [{"batch": batch, "episode": episode} for batch, episode in [(0, 90), (1, 200), (0, 80), (1, 150)]]
    assert read_log(log).curves["episodes_done"].value.tolist() == [90, 200, 280, 350]


def test_rows_written_again_after_a_checkpoint_replace_the_old(read_log: Write) -> None:
    part = read_log(rows([0, 1, 2, 3, 2, 3, 4]))
    assert part.curves["loss"].step.tolist() == [0, 1, 2, 3, 4]
    assert part.curves["loss"].value.tolist() == [0, 1, 4, 5, 6]
    assert "goes back from 3 to 2 at row 5" in part.input.notes[0]


def test_rows_logged_twice_are_dropped(read_log: Write) -> None:
    log = rows([0, 1, 2])
    part = read_log(log + log + rows([0, 1, 2, 3])[3:])
    assert part.curves["loss"].step.tolist() == [0, 1, 2, 3]
    assert part.input.notes == ("3 row(s) logged twice were dropped, the first is row 4",)


def test_many_restarts_give_few_notes(read_log: Write) -> None:
    part = read_log(rows([0, 1] * 40))
    assert part.curves["loss"].step.tolist() == list(range(80))
    assert len(part.input.notes) == 6


def test_a_counter_that_never_moves_is_not_used(read_log: Write) -> None:
    part = read_log(rows([3, 3, 3]))
    assert part.curves["loss"].step.tolist() == [0, 1, 2]
    assert "batch is 3 in all 3 rows" in part.input.notes[0]


def test_rows_without_a_counter_follow_the_row_before(read_log: Write) -> None:
    log = [{"loss": 0.0}, {"batch": 5, "loss": 1.0}, {"batch": "x", "loss": 2.0}, {"batch": 9, "loss": 3.0}]
    part = read_log(log)
    assert part.curves["loss"].step.tolist() == [4, 5, 6, 9]
    assert any("without a usable batch" in note for note in part.input.notes)


def test_two_columns_of_one_metric_are_not_mixed(read_log: Write) -> None:
    part = read_log([{"batch": 0, "raw_entropy": 1.0, "entropy": 2.0}])
    assert part.curves["entropy"].value.tolist() == [2.0]
    assert "raw_entropy not used" in part.input.notes[0]


def test_rows_and_skipped_rows_are_counted(read_log: Write) -> None:
    part = read_log([{"batch": 0, "loss": 1.0}, 7, {"batch": 1, "loss": 1.0}])
    assert (part.input.read, part.input.skipped) == (2, 1)


def test_a_name_that_cannot_be_printed_can(read_log: Write) -> None:
    for name in read_log('[{"batch": 0, "\\ud800": 1}]').curves:
        name.encode("utf-8")


def test_too_many_columns_are_not_read(read_log: Write) -> None:
    part = read_log([{"batch": row, f"a{row}": 1.0} for row in range(2100)])
    assert len(part.curves) < 2100
    assert any("the rest is not read" in note for note in part.input.notes)


def test_claims_by_name_with_or_without_a_timestamp() -> None:
    names = ["loss_metrics.json", "loss_metrics_20251028_120000.json", "my_loss_metrics.json", "loss_metrics.csv"]
    assert [claims(Path(name)) for name in names] == [True, True, False, False]


_cells = st.sampled_from([None, 0, 1, 2.5, True, "3", "x", [], {}, {"a": 1}, math.nan, math.inf, 10**400, -1, 2**70])


@given(st.lists(st.dictionaries(st.sampled_from(["batch", "loss", "episode", "odd"]), _cells), max_size=12))
def test_no_values_raise_and_curves_are_sound(tmp_path_factory: pytest.TempPathFactory, log: list[Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "loss_metrics.json"
    path.write_text(json.dumps(log))
    part = read(path)
    for curve in part.curves.values():
        check_invariants(curve)
    assert part.input.read == len(log)


@given(st.data())
def test_one_nan_breaks_one_point(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    log = rows(list(range(8)), entropy=0.5)
    row = data.draw(st.integers(0, 7))
    name = data.draw(st.sampled_from(["loss", "entropy"]))
    log[row][name] = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    path = tmp_path_factory.getbasetemp() / "loss_metrics.json"
    path.write_text(json.dumps(log, indent=2))
    curves = read(path).curves
    assert {each: curve.broken.tolist() for each, curve in curves.items()} == {"loss": [], "entropy": [], name: [row]}
    assert [len(curve) for curve in curves.values()].count(8) == 1


def test_what_no_32_bit_float_holds_is_infinite_or_zero(read_log: Write) -> None:
    huge, tiny = 10**400, 1e-50
    part = read_log([{"batch": 0, "loss": 1e39}, {"batch": 1, "loss": -1e300}, {"batch": 2, "loss": huge}])
    assert part.curves["loss"].broken.tolist() == [0, 1, 2]
    part = read_log([{"batch": 0, "loss": 3e38}, {"batch": 1, "loss": tiny}])
    assert part.curves["loss"].value.tolist() == [3e38, 0.0]
