"""The list of all scorings of the test split: one row each, never taken back."""

from __future__ import annotations

import csv
import datetime
import subprocess
from collections.abc import Mapping
from pathlib import Path

import rundoctor

LEDGER = Path(__file__).parents[1] / "scored.csv"


def append(figures: Mapping[str, object], ledger: Path = LEDGER) -> None:
    """Add a row: when, which code, what was found."""
    row = {"date": datetime.date.today().isoformat(), "version": rundoctor.__version__, "commit": commit(), **figures}
    new = not ledger.exists()
    with ledger.open("a", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(row))
        if new:
            table.writeheader()
        table.writerow(row)


def commit() -> str:
    """The commit that lies checked out, with a plus where files differ from it; empty outside a repository."""
    command = ["git", "-C", str(LEDGER.parent), "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
