"""The generated part of docs/accuracy.md: one block a set of runs, each between its own marks."""

from __future__ import annotations

from pathlib import Path

import rundoctor
from scoring.ledger import commit

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


def put(name: str, text: str, page: Path = PAGE) -> None:
    """Replace the block of that name; a new one goes to the end."""
    start, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8")
    before, found, rest = old.partition(start)
    after = rest.partition(end)[2] if found else ""
    made = f"rundoctor {rundoctor.__version__}, commit {commit()}"
    page.write_text(f"{before.rstrip()}\n\n{start}\n\n{made}\n\n{text}\n{end}\n{after}", encoding="utf-8")
