"""``loss_metrics.json``: one record an update, as the native trainer appends it.

The step is the ``batch`` counter, or the counter that other writers use in its place, or the row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.frameworks.native import FRAMEWORK
from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import Columns
from rundoctor.readers.curves import curves_of, notes_on_values, number_by_counter
from rundoctor.readers.json_rows import open_file, read_rows
from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    from rundoctor.model import Ints

COUNTERS = ("batch", "update", "iteration", "step")


def claims(path: Path) -> bool:
    """Whether the name is that of a loss log; it may carry a timestamp."""
    return path.name.startswith("loss_metrics") and path.suffix == ".json"


def read(path: Path) -> Part:
    """Return the curves of a loss log."""
    tally, columns = Tally(), Columns()
    with open_file(path) as stream:
        for rows in read_rows(stream, tally):
            columns.add(rows)
    steps, counter = number_by_counter(columns, COUNTERS)
    curves, notes = curves_of(columns, steps, FRAMEWORK.columns, path.name, {counter})
    if "episodes_done" in curves and steps.session_rows:
        starts = steps.step[np.searchsorted(steps.row, steps.session_rows)]
        curves["episodes_done"] = _count_on(curves["episodes_done"], starts)
    notes = (*tally.all_notes(), *notes_on_values(columns, FRAMEWORK.columns), *steps.notes, *notes)
    read_in = Input(file=path.name, read=tally.rows, skipped=tally.skipped, notes=notes)
    return Part(read_in, curves=curves, sessions=steps.session_steps)


def _count_on(episodes: Curve, starts: Ints) -> Curve:
    """Let the episodes of a resumed session follow those of the session before, as the updates do."""
    value = episodes.value.copy()
    places = np.searchsorted(episodes.step, starts)
    for place in places[(places > 0) & (places < len(value))].tolist():
        if episodes.value[place] < episodes.value[place - 1]:
            value[place:] += episodes.value[place - 1]
    return Curve.from_points(episodes.name, episodes.step, value, episodes.source)


READER = Reader(framework=FRAMEWORK.name, claims=claims, read=read, order=0)
