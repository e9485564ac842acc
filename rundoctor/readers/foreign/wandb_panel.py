"""CSV that Weights & Biases exports from a chart: ``Step`` and, for each run in it, ``run - metric`` with its bounds.

``__MIN`` and ``__MAX`` of a column say how a line was thinned and are left out. Of several runs in one file the first
is read; the others are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from rundoctor.readers import Part, Reader
from rundoctor.readers.csv_rows import read_csv_rows
from rundoctor.readers.foreign.table import Table, labels_of_text
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.tally import Row, Tally

HEAD_BYTES = 1 << 16
STEPS = ("Step", "_step", "global_step", "Relative Time (Process)", "Relative Time (Wall)")
"""What the first column is called, by the axis of the chart."""
_COLUMN = re.compile(r"(?P<run>.+?) - (?P<metric>.+?)(?P<bound>__MIN|__MAX)?")
_labels = labels_of_text(",")


def claims(path: Path) -> bool:
    """Whether the first line is that of such an export."""
    if path.suffix != ".csv":
        return False
    try:
        with open_file(path) as stream:
            labels = _labels(stream.read(HEAD_BYTES))
    except OSError:
        return False
    return len(labels) > 1 and labels[0] in STEPS and all(_COLUMN.fullmatch(label) for label in labels[1:])


def read(path: Path) -> Part:
    """Return the curves of an export."""
    return Table(_rows, _labels, (".csv",)).read(path)


def _rows(stream: BinaryIO, tally: Tally) -> Iterator[list[Row]]:
    """Yield the rows with the columns of the first run alone, under the names of its metrics."""
    names: dict[str, str] | None = None
    for chunk in read_csv_rows(stream, tally):
        if names is None:
            names = _names(list(chunk[0]) if chunk else [], tally)
        yield [{names[column]: value for column, value in row.items() if column in names} for row in chunk]


def _names(columns: list[str], tally: Tally) -> dict[str, str]:
    """Return the metric by column, and note the runs that are left out."""
    found = {column: _COLUMN.fullmatch(column) for column in columns}
    runs = list(dict.fromkeys(match["run"] for match in found.values() if match))
    if len(runs) > 1:
        tally.notes.append(f"{len(runs)} runs in one file, listed, not mixed: {runs[0]} is read")
    metrics = {
        column: match["metric"]
        for column, match in found.items()
        if match and match["run"] == runs[0] and not match["bound"]
    }
    return {column: "_step" for column in columns if column in STEPS} | metrics


READER = Reader("", claims, read, order=95)
