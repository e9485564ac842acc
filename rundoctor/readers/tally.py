"""What became of the rows of one file, counted while they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
"""One record. A value may be a key of ``json_values.BROKEN``."""


@dataclass
class Tally:
    """Rows taken, rows skipped and why."""

    rows: int = 0
    not_records: int = 0
    unreadable: int = 0
    first_unreadable: int = 0
    """Record number, counted from 1."""
    cut_off: bool = False
    """Whether the file ends within a record, which counts as skipped."""
    notes: list[str] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        """Rows that were not used."""
        return self.not_records + self.unreadable + self.cut_off

    @property
    def seen(self) -> int:
        """Rows met so far."""
        return self.rows + self.skipped

    def records(self, values: list[Any]) -> list[Row]:
        """Count the values and return those that are records."""
        rows = [value for value in values if type(value) is dict]
        self.rows += len(rows)
        self.not_records += len(values) - len(rows)
        return rows

    def reject(self, position: int) -> None:
        """Count a record that cannot be parsed; ``position`` counts from 1."""
        self.first_unreadable = self.first_unreadable or position
        self.unreadable += 1

    def cut(self) -> None:
        """Count the record that the end of the file cuts in two."""
        self.cut_off = True
        self.notes.append(f"cut off in record {self.seen}; the trainer may be rewriting it")

    def all_notes(self) -> tuple[str, ...]:
        """Return what was not used, and why."""
        notes = []
        if self.unreadable:
            notes.append(f"{self.unreadable} unreadable record(s) skipped, the first is record {self.first_unreadable}")
        if self.not_records:
            notes.append(f"{self.not_records} value(s) that are no records skipped")
        return (*notes, *self.notes)
