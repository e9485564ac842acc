"""``reward_components_stats.json``: one record an episode, with per-step statistics of each reward component.

Old files hold the record of one episode alone, some nothing but ``{name: {"mean": ..., "std": ...}}``. A component
with count 0 was absent in that episode, whatever its mean says.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.model import Component, Episodes, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import Columns
from rundoctor.readers.columns import Path as ColumnPath
from rundoctor.readers.curves import label, notes_on_values, number_by_counter
from rundoctor.readers.json_rows import open_file, read_rows
from rundoctor.readers.sessions import Steps
from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

STATISTICS = {
    "count": "count",
    "mean": "mean",
    "std": "std",
    "minimum": "min",
    "maximum": "max",
    "total": "sum",
}
"""Key in the file by field of ``Component``."""
WRAPPER, WEIGHTS = "reward_components", "component_weights_snapshot"
TOTAL, OLD_TOTAL = "total_reward", "total"
MANY_COLUMNS, SPARSE = 100, 0.1
"""Where a file has so many columns, those are left out that fewer episodes hold; or a small file fills the memory."""
SCALAR_NAMES = {"entropy_coeff": "ent_coef"}


def claims(path: Path) -> bool:
    """Whether the name is that of a log of reward components; it may carry a timestamp."""
    return path.name.startswith("reward_components_stats") and path.suffix == ".json"


def read(path: Path) -> Part:
    """Return the episodes of a log of reward components."""
    tally, columns = Tally(), Columns(truth_values=frozenset({"success"}))
    with open_file(path) as stream:
        for rows in read_rows(stream, tally):
            columns.add(rows)
    steps, counter = number_by_counter(columns, ("episode",))
    steps = _last_of_each(steps)
    episodes, broken = _episodes(columns, steps, counter, path.name)
    notes = (*tally.all_notes(), *notes_on_values(columns), *steps.notes, *broken)
    report = Input(file=path.name, read=tally.rows, skipped=tally.skipped, notes=notes)
    return Part(report, episodes=episodes)


def _last_of_each(steps: Steps) -> Steps:
    """Return one row an episode, sorted by episode: the last one."""
    if (np.diff(steps.step) > 0).all():
        return steps
    order = np.argsort(steps.step, kind="stable")
    step = steps.step[order]
    last = np.append(step[1:] != step[:-1], True)
    return Steps(steps.row[order][last], step[last], steps.session_rows, steps.notes)


def _episodes(columns: Columns, steps: Steps, counter: str, source: str) -> tuple[Episodes | None, tuple[str, ...]]:
    if not columns.paths:
        return None, ()
    table = _Table(columns, steps.row)
    paths = _worth_a_table(columns, table.notes)
    named = _component_paths(paths)
    components = {name: table.component(name, prefix) for name, prefix in named.items()}
    used = {*((*prefix, key) for prefix in named.values() for key in STATISTICS.values()), (counter,)}
    used |= {(WEIGHTS, prefix[-1]) for prefix in named.values()}
    scalars = {}
    for path in paths:
        if path not in used:
            scalars[SCALAR_NAMES.get(label(path), label(path))] = table.column(path)
    index = steps.step.copy()
    index.flags.writeable = False
    infinite = index[table.infinite((*named[TOTAL], STATISTICS["total"]))] if TOTAL in named else index[:0]
    infinite.flags.writeable = False
    found = Episodes(index=index, components=components, scalars=scalars, source=source, infinite=infinite)
    return found, tuple(table.notes)


def _worth_a_table(columns: Columns, notes: list[str]) -> tuple[ColumnPath, ...]:
    if len(columns.paths) <= MANY_COLUMNS:
        return columns.paths
    kept = tuple(path for path in columns.paths if columns.count(path) >= SPARSE * columns.rows)
    left_out = len(columns.paths) - len(kept)
    if left_out:
        notes.append(f"{left_out} column(s) that fewer than one in {1 / SPARSE:.0f} episodes holds are not used")
    return kept


def _component_paths(paths: tuple[ColumnPath, ...]) -> dict[str, ColumnPath]:
    """Return where the statistics of each component lie, by its name in the run."""
    statistics = set(STATISTICS.values())
    wrapped: list[ColumnPath] = [
        path[:2] for path in paths if len(path) == 3 and path[0] == WRAPPER and path[2] in statistics
    ]
    found = {label(prefix[-1:]): prefix for prefix in wrapped or [path[:1] for path in paths if path[1:] == ("mean",)]}
    if OLD_TOTAL in found and TOTAL not in found:
        return {TOTAL if name == OLD_TOTAL else name: prefix for name, prefix in found.items()}
    return found


class _Table:
    """The columns at the rows that count, one row an episode."""

    def __init__(self, columns: Columns, row: Ints) -> None:
        self._columns = columns
        self._row = None if len(row) == columns.rows and (np.diff(row) > 0).all() else row
        self._absent: Floats = np.broadcast_to(np.float64(np.nan), len(row))
        self.notes: list[str] = []

    def column(self, path: ColumnPath) -> Floats:
        """Return finite values, NaN where an episode has none; what was not finite is noted. Shape [episodes]."""
        if not self._columns.count(path):
            return self._absent
        values = self._columns.dense(path)
        places, logged = self._columns.points(path)
        broken = places[~np.isfinite(logged)]
        values[broken] = np.nan
        if len(broken):
            self.notes.append(
                f"{label(path)}: {len(broken)} value(s) NaN or infinite, the first in row {broken[0] + 1}"
            )
        values = values if self._row is None else values[self._row]
        values.flags.writeable = False
        return values

    def infinite(self, path: ColumnPath) -> np.ndarray:
        """Return where the log says infinity. Shape [episodes], booleans."""
        places, logged = self._columns.points(path)
        said = np.zeros(self._columns.rows, bool)
        said[places[np.isinf(logged)]] = True
        return said if self._row is None else said[self._row]

    def component(self, name: str, prefix: ColumnPath) -> Component:
        """Return the statistics of one component."""
        statistics = {field: self.column((*prefix, key)) for field, key in STATISTICS.items()}
        return Component(name=name, weight=self.column((WEIGHTS, prefix[-1])), **statistics)


READER = Reader(framework="rundoctor", claims=claims, read=read, order=50)
