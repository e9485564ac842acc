"""``progress.csv`` and ``progress.json`` (JSON Lines, despite the name) of the Stable-Baselines3 logger.

A row holds the rollout of an iteration together with the ``train/*`` values of the update *before* that rollout,
because the logger is dumped between the two: the first row has no ``train/*``. That alignment is kept. An evaluation
writes a row of its own, without ``time/iterations``, while a rollout is going on, and takes along whatever was waiting
in the logger; it gets the step of that rollout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from rundoctor.frameworks.sb3 import FRAMEWORK
from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import Columns
from rundoctor.readers.csv_rows import read_csv_rows
from rundoctor.readers.curves import curves_of, label, notes_on_values, same_rows
from rundoctor.readers.json_rows import open_file, read_rows
from rundoctor.readers.sessions import Steps, number_rows
from rundoctor.readers.tally import Row, Tally

if TYPE_CHECKING:
    from rundoctor.model import Floats

COUNTER = "time/iterations"
HEAD_BYTES = 1 << 16

_KEY = re.compile(rb"(?:^|[\",\s{])(?:time|rollout|train)/\w")

RowReader = Callable[[BinaryIO, Tally], Iterator[list[Row]]]


def _claims(suffix: str) -> Callable[[Path], bool]:
    def claims(path: Path) -> bool:
        """Whether the file is a progress log with the logger's keys; one that cannot be opened counts by its name."""
        if not (path.name.startswith("progress") and path.suffix == suffix):
            return False
        try:
            with open_file(path) as stream:
                head = stream.read(HEAD_BYTES)
        except OSError:
            return True
        return not head.strip() or _KEY.search(head.split(b"\n", 1)[0]) is not None

    return claims


def _read(read_chunks: RowReader) -> Callable[[Path], Part]:
    def read(path: Path) -> Part:
        """Return the curves of a progress log."""
        tally, columns = Tally(), Columns()
        with open_file(path) as stream:
            for rows in read_chunks(stream, tally):
                columns.add(rows)
        steps = _steps(columns)
        curves, notes = curves_of(columns, steps, FRAMEWORK.columns, path.name, {COUNTER})
        notes = (*tally.all_notes(), *notes_on_values(columns), *_text_columns(columns), *steps.notes, *notes)
        notes += _another_algorithm(curves)
        read_in = Input(file=path.name, read=tally.rows, skipped=tally.skipped, notes=notes)
        return Part(read_in, curves=curves, sessions=steps.session_steps)

    return read


def _another_algorithm(curves: Mapping[str, Curve]) -> tuple[str, ...]:
    """A2C logs a policy loss and neither KL nor clip fraction."""
    if "policy_loss" in curves and not {"approx_kl", "clip_fraction"} & curves.keys():
        return ("no approx_kl and no clip_fraction: A2C's columns, not PPO's; rules on the policy's step are skipped",)
    return ()


def _text_columns(columns: Columns) -> tuple[str, ...]:
    names = sorted(label(path) for path in columns.unusable if path not in columns.paths)
    return (f"no numbers in {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}",) if names else ()


def _steps(columns: Columns) -> Steps:
    """Return the iteration of each row; a row without one belongs to the next row that has one."""
    row = np.arange(columns.rows)
    if (COUNTER,) not in columns.paths:
        return Steps(row, row)
    counter = columns.dense((COUNTER,))
    known = np.flatnonzero(np.isfinite(counter))
    if len(known) in (0, len(row)):
        return number_rows(counter, COUNTER, same_rows(columns))
    same = same_rows(columns)
    steps = number_rows(counter[known], COUNTER, lambda earlier, later: same(known[earlier], known[later]))
    session_rows = tuple(known[list(steps.session_rows)].tolist())
    return _with_rows_between(replace(steps, row=known[steps.row], session_rows=session_rows), columns.rows, counter)


def _with_rows_between(steps: Steps, rows: int, counter: Floats) -> Steps:
    between = np.flatnonzero(~np.isfinite(counter))
    following = np.searchsorted(steps.row, between)
    step = np.append(steps.step, steps.step[-1] + 1)[following]
    row = np.concatenate([steps.row, between])
    order = np.argsort(row, kind="stable")
    return replace(steps, row=row[order], step=np.concatenate([steps.step, step])[order])


CSV = Reader(framework=FRAMEWORK.name, claims=_claims(".csv"), read=_read(read_csv_rows), order=10)
JSON = Reader(framework=FRAMEWORK.name, claims=_claims(".json"), read=_read(read_rows), order=11)
