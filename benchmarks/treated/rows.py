"""The table of what was trained: a row a run, appended as the runs end."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from corpus.labels import Curve, late

from treated.training import Treated

COLUMNS = ("fault", "task", "trainer", "arm", "seed", "edits", "late", "improvement", "note")


class Row(NamedTuple):
    """One run; ``improvement`` is the share of the usual healthy one."""

    fault: str
    task: str
    trainer: str
    arm: str
    seed: int
    edits: str
    late: str
    improvement: float
    note: str

    @property
    def case(self) -> tuple[str, str, str]:
        return self.fault, self.task, self.trainer

    @property
    def key(self) -> tuple[Any, ...]:
        """As ``Treated.key``."""
        return (*self.case, self.arm, self.seed, self.edits)


def row_of(treated: Treated, curve: Curve, note: str) -> Row:
    case = treated.case
    fault, task, trainer, arm, seed, edits = treated.key
    reached = f"{late(curve, case.usual.start):.6g}"
    return Row(fault, task, trainer, arm, seed, edits, reached, round(case.improvement(curve), 4), note)


def copied(row: Row, treated: Treated) -> Row:
    """The row of another arm that trains the same run."""
    fault, _, _, arm, _, edits = treated.key
    died = row.note if row.note.startswith("died") else ""
    return row._replace(fault=fault, arm=arm, edits=edits, note=died or treated.note)


class Table:
    """The rows on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = (
            [_read(row) for row in csv.DictReader(path.open(newline="", encoding="utf-8"))] if path.exists() else []
        )

    def add(self, row: Row) -> None:
        """Append a row; one write, so that an interrupted call leaves whole rows."""
        self.rows.append(row)
        with self.path.open("a", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerow(row)

    def keep(self, planned: Iterable[tuple[Any, ...]]) -> None:
        """Drop the rows of runs that are planned no more, such as those of a patch that has changed since."""
        wanted = set(planned)
        self.rows = [row for row in self.rows if row.key in wanted]
        self._write()

    def sort(self) -> None:
        self.rows.sort()
        self._write()

    def _write(self) -> None:
        with self.path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *self.rows])


def _read(row: Mapping[str, str]) -> Row:
    texts = {name: value for name, value in row.items() if name not in ("seed", "improvement")}
    return Row(**texts, seed=int(row["seed"]), improvement=float(row["improvement"]))
