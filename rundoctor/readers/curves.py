"""Columns of numbers to curves with canonical names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.frameworks import Column
from rundoctor.model import Curve
from rundoctor.readers.columns import MOST_COLUMNS, Columns, Path
from rundoctor.readers.sessions import Same, Steps, number_rows

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

Placed = Callable[["Ints", "Floats"], tuple["Ints", "Floats"]]
"""Rows [n] and values [n] to steps [m] and values [m]."""

_MOST_NOTES = 8


def label(path: Path) -> str:
    """Return the dotted name of a column, as text that can always be printed."""
    return ".".join(path).encode("utf-8", "replace").decode()


def same_rows(columns: Columns) -> Same:
    """Return the comparison of rows over all columns; two values that are missing are the same."""

    def same(earlier: Ints, later: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        equal = np.ones(len(earlier), dtype=np.bool_)
        for path in columns.paths:
            values = columns.dense(path)
            equal &= (values[earlier] == values[later]) | (np.isnan(values[earlier]) & np.isnan(values[later]))
        return equal

    return same


def number_by_counter(columns: Columns, counters: Iterable[str]) -> tuple[Steps, str]:
    """Return the steps by the first counter that the rows hold, and its name; by row, and "", where there is none."""
    for name in counters:
        if (name,) in columns.paths:
            return number_rows(columns.dense((name,)), name, same_rows(columns)), name
    row = np.arange(columns.rows)
    return Steps(row, row), ""


def curves_of(
    columns: Columns,
    steps: Steps,
    names: Mapping[str, Column],
    source: str,
    leave_out: Iterable[str] = (),
    placed: Placed | None = None,
) -> tuple[dict[str, Curve], tuple[str, ...]]:
    """Return the curves by canonical name, and notes.

    Where two columns mean the same metric, the one that ``names`` lists first is used.

    Args:
        columns: what the rows hold.
        steps: where the rows stand.
        names: canonical metric by logged column; any other keeps its own name.
        source: file name for evidence.
        leave_out: columns that are no metrics, such as the step counter.
        placed: where the points of a column go, given their rows; by ``steps`` without it.
    """
    placed = placed or _by_row(columns, steps)
    rank = {name: place for place, name in enumerate(names)}
    curves: dict[str, Curve] = {}
    notes = []
    for path in sorted(columns.paths, key=lambda path: rank.get(label(path), len(rank))):
        logged = label(path)
        column = names.get(logged, Column(logged))
        if logged in leave_out:
            continue
        if column.name in curves:
            notes.append(f"{logged} not used: another column gives {column.name}")
            continue
        row, value = columns.points(path)
        curves[column.name] = _curve(column, *placed(row, value), source)
    return curves, tuple(notes[:_MOST_NOTES])


def _by_row(columns: Columns, steps: Steps) -> Placed:
    """Place a point at the step of its row; one in a row that does not count is left out."""
    step_of_row = np.full(columns.rows, -1, dtype=np.int64)
    step_of_row[steps.row] = steps.step
    counts = np.zeros(columns.rows, dtype=np.bool_)
    counts[steps.row] = True

    def placed(row: Ints, value: Floats) -> tuple[Ints, Floats]:
        taken = counts[row]
        return step_of_row[row[taken]], value[taken]

    return placed


def _curve(column: Column, step: Ints, value: Floats, source: str) -> Curve:
    with np.errstate(over="ignore"):
        return Curve.from_points(column.name, step, column.factor * value, source)


def notes_on_values(columns: Columns, expected: Iterable[str] = ()) -> tuple[str, ...]:
    """Return which columns hold values that are no numbers, where a number was to be expected.

    Args:
        columns: what the rows hold.
        expected: names of columns that are numbers in every healthy file.
    """
    notes = []
    expected, numeric = frozenset(expected), frozenset(columns.paths)
    for path, kinds in columns.unusable.items():
        for kind, count in kinds.items():
            if path in numeric or label(path) in expected or kind.startswith("number"):
                notes.append(f"{label(path)}: {count} value(s) skipped: {kind}")
    if len(notes) > _MOST_NOTES:
        notes = [*notes[:_MOST_NOTES], f"{len(notes) - _MOST_NOTES} more column(s) with values that are no numbers"]
    if columns.ignored_columns:
        notes.append(f"more than {MOST_COLUMNS} columns: the rest is not read")
    return tuple(notes)
