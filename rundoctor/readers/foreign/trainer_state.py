"""``trainer_state.json`` of Hugging Face's trainers, TRL's among them: the rows of ``log_history``.

A row is what was logged at one step; an evaluation has rows of its own, whose columns the others lack, and the summary
at the end is left out. ``training_args.bin`` beside it is a pickle and is not read; the arguments are taken from the
event files, which the trainers put into ``runs/<time>_<host>/``, beside the checkpoints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

from rundoctor.frameworks.trl import FRAMEWORK
from rundoctor.model import Config, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import Columns
from rundoctor.readers.curves import curves_of, label, notes_on_values, number_by_counter
from rundoctor.readers.foreign import tfevents
from rundoctor.readers.json_rows import open_file, read_rows
from rundoctor.readers.json_values import parse
from rundoctor.readers.tally import Row, Tally

LARGEST_BYTES = 1 << 28
_HISTORY = re.compile(rb'"log_history"\s*:\s*\[')
_ITS_END = re.compile(rb'(?<=\})\s*\]\s*,\s*"')
EVENTS = "runs/*/*.tfevents.*"
MOST_SESSIONS = 100
_CHECKPOINT = re.compile(r"checkpoint-\d+")
SUMMARY = "train_runtime"
"""Marks the row that sums up the training, at the step of the last one."""


def claims(path: Path) -> bool:
    """Whether the name is that of a trainer's state."""
    return path.name == "trainer_state.json"


def read(path: Path) -> Part:
    """Return the curves of a trainer's state."""
    tally, columns = Tally(), Columns()
    with open_file(path) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    for rows in _rows(data, tally):
        columns.add([row for row in rows if SUMMARY not in row])
    labels = [label(found) for found in columns.paths]
    left_out = {name for name in labels if re.match(FRAMEWORK.leave_out, name)}
    steps, counter = number_by_counter(columns, FRAMEWORK.counters)
    curves, notes = curves_of(columns, steps, FRAMEWORK.names_of(labels), path.name, left_out | {counter})
    notes = (*tally.all_notes(), *notes_on_values(columns), *steps.notes, *notes)
    read_in = Input(file=path.name, read=tally.rows, skipped=tally.skipped, notes=notes)
    return Part(read_in, curves=curves, config=_arguments(path.parent), sessions=steps.session_steps)


def _arguments(directory: Path) -> Config | None:
    """Return the arguments of the session that began last, of those whose event files lie there."""
    root = directory.parent if _CHECKPOINT.fullmatch(directory.name) else directory
    files = sorted(islice(root.glob(EVENTS), MOST_SESSIONS), key=tfevents.written, reverse=True)
    for file in files:
        try:
            config = tfevents.read(file).config
        except OSError:
            continue
        if config is not None:
            return config
    return None


def _rows(data: bytes, tally: Tally) -> Iterator[list[Row]]:
    """Yield the rows of a trainer's state; of a damaged one those that are whole."""
    if not data.strip():
        tally.notes.append("empty: the run may have died before its first update")
        return
    try:
        document = parse(data) if len(data) <= LARGEST_BYTES else None
    except ValueError:
        document = None
    rows = document.get("log_history") if isinstance(document, dict) else None
    begins = _HISTORY.search(data) if document is None else None
    if isinstance(rows, list):
        yield tally.records(rows)
    elif begins is not None:
        ends = _ITS_END.search(data, begins.end())
        yield from read_rows(BytesIO(data[begins.end() - 1 : ends.start() if ends else None]), tally)
    else:
        tally.notes.append("no log_history can be read: cut off, or not a trainer's state")


READER = Reader(framework=FRAMEWORK.name, claims=claims, read=read, order=90)
