"""Row counters to steps that only increase: resumed runs, rewritten rows, rows logged twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

Same = Callable[["Ints", "Ints"], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]
"""Given row numbers [m] and [m], whether the rows of each pair hold the same values. Shape [m]."""

MOST_NOTES = 5
_LARGEST_COUNT = 2.0**42
"""Anything above is no counter; a million sessions of this length still fit into 64 bits."""


@dataclass(frozen=True)
class Steps:
    """Where the rows of a file stand in the run."""

    row: Ints
    """Rows that count, increasing. Shape [n]."""
    step: Ints
    """Their steps; a step may come twice or go back where rows were rewritten, and the last row counts. Shape [n]."""
    session_rows: tuple[int, ...] = ()
    """Rows at which a resumed session starts."""
    notes: tuple[str, ...] = ()

    @property
    def session_steps(self) -> tuple[int, ...]:
        """The steps at which those sessions start."""
        return tuple(self.step[np.searchsorted(self.row, self.session_rows)].tolist()) if self.session_rows else ()


def number_rows(counter: Floats, name: str, same: Same) -> Steps:
    """Return the steps of all rows.

    A counter that falls back to its first value or below starts a new session, whose steps follow the last one's. A
    counter that falls back less means that rows were written again after a checkpoint was loaded.

    Args:
        counter: the logged counter [rows], NaN where a row has none.
        name: how the log calls it, for notes.
        same: compares rows, to drop those that were logged twice.
    """
    count, notes = _whole_numbers(counter, name)
    row = np.arange(len(count))
    if (np.diff(count) > 0).all():
        return Steps(row, count, notes=notes)
    if len(count) > 2 and (count == count[0]).all():
        return Steps(
            row, row, notes=(*notes, f"{name} is {count[0]} in all {len(count)} rows: numbered by row instead")
        )
    repeated = _repeated(count, same)
    if repeated.any():
        notes += (f"{repeated.sum()} row(s) logged twice were dropped, the first is row {repeated.argmax() + 1}",)
    row = row[~repeated]
    step, starts, more = _follow(count[row], row, name)
    return Steps(row, step, tuple(int(row[start]) for start in starts), notes + more)


def _whole_numbers(counter: Floats, name: str) -> tuple[Ints, tuple[str, ...]]:
    """Let rows without a usable counter follow the row before; those before the first usable one lead up to it."""
    with np.errstate(invalid="ignore"):
        usable = np.isfinite(counter) & (np.abs(counter) < _LARGEST_COUNT) & (counter == np.floor(counter))
    row = np.arange(len(counter))
    if usable.all():
        return counter.astype(np.int64), ()
    if not usable.any():
        return row, ()
    source = np.maximum.accumulate(np.where(usable, row, -1))
    source[source < 0] = int(usable.argmax())
    count = counter[source].astype(np.int64) + row - source
    count -= min(0, int(count[0]))
    return count, (f"{(~usable).sum()} row(s) without a usable {name}: numbered after the row before",)


def _repeated(count: Ints, same: Same) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the rows that hold the same values as the row before with the same counter. Shape [rows]."""
    order = np.argsort(count, kind="stable")
    pair = np.flatnonzero(count[order][1:] == count[order][:-1])
    earlier, later = order[pair], order[pair + 1]
    result = np.zeros(len(count), dtype=np.bool_)
    result[later[same(earlier, later)]] = True
    return result


def _follow(count: Ints, row: Ints, name: str) -> tuple[Ints, list[int], tuple[str, ...]]:
    """Return steps [n], the places where sessions start, and notes."""
    falls = np.flatnonzero(np.diff(count) <= 0) + 1
    jump = np.zeros(len(count), dtype=np.int64)
    starts: list[int] = []
    rewinds: list[int] = []
    begin = 0
    for place in falls.tolist():
        if count[place] <= count[begin] and count[place] < count[place - 1]:
            jump[place] = count[begin:place].max() + 1 - count[place]
            starts.append(place)
            begin = place
        else:
            rewinds.append(place)
    step = count + jump.cumsum()
    return step, starts, _session_notes(starts, step, row, name) + _rewind_notes(rewinds, step, row, name)


def _session_notes(starts: list[int], step: Ints, row: Ints, name: str) -> tuple[str, ...]:
    notes = tuple(
        f"the {name} counter restarts at row {row[place] + 1}: a resumed run, "
        f"session {session} starts at update {step[place]}"
        for session, place in enumerate(starts[:MOST_NOTES], start=2)
    )
    rest = len(starts) - len(notes)
    return notes + ((f"the {name} counter restarts {rest} more time(s)",) if rest else ())


def _rewind_notes(rewinds: list[int], step: Ints, row: Ints, name: str) -> tuple[str, ...]:
    notes = tuple(
        f"the {name} counter goes back from {step[place - 1]} to {step[place]} at row {row[place] + 1}: "
        "the last row of each counts"
        for place in rewinds[:MOST_NOTES]
    )
    rest = len(rewinds) - len(notes)
    return notes + ((f"the {name} counter goes back {rest} more time(s)",) if rest else ())
