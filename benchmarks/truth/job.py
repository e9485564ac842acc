"""One run to train."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from truth.cases import Settings
from truth.table import Cell


@dataclass(frozen=True)
class Job:
    """What a trainer gets."""

    cell: Cell
    settings: Settings
    edits: Settings
    log: Path | None = None
    """Where to leave the run's files."""
