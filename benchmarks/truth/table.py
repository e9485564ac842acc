"""The table of what was trained: a row a run, appended as the runs end."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from truth.cases import Settings
from truth.outcome import Outcome

COLUMNS = ("task", "fault", "trainer", "trunk", "arm", "seed", "edits", "score", "untrained")
HEALTHY = "none"
"""Fault of the rows of the reference arm."""


@dataclass(frozen=True)
class Cell:
    """One run of the plan."""

    task: str
    fault: str
    trainer: str
    trunk: str
    arm: str
    seed: int


class Table:
    """The rows on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: set[Cell] = set()
        if path.exists():
            with path.open(newline="") as rows:
                self._known = {_cell(row) for row in csv.DictReader(rows)}
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(",".join(COLUMNS) + "\n")

    def __contains__(self, cell: Cell) -> bool:
        return cell in self._known

    def add(self, cell: Cell, edits: Settings, outcome: Outcome) -> None:
        """Append a row; one write, so that an interrupted call leaves whole rows."""
        numbers = [f"{outcome.score:.6g}", f"{outcome.untrained:.6g}"]
        names = [cell.task, cell.fault, cell.trainer, cell.trunk, cell.arm, cell.seed]
        with self.path.open("a", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerow([*names, json.dumps(edits), *numbers])
        self._known.add(cell)


def _cell(row: dict[str, str]) -> Cell:
    return Cell(row["task"], row["fault"], row["trainer"], row["trunk"], row["arm"], int(row["seed"]))
