"""Tables of numbers with a row an update or so: CSV, tab-separated text, JSON Lines, a JSON list of records.

Which trainer wrote one is told from its columns; RLlib, Spinning Up, torch-ac and Stable-Baselines 2 log this way, and
Weights & Biases exports such files. Where only some rows have what is written once an update, such a row ends an update
and the rows before it belong to it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rundoctor.errors import UnknownName
from rundoctor.frameworks import Column, Framework, recognised
from rundoctor.frameworks.plain import FRAMEWORK as PLAIN
from rundoctor.mapping import few
from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import DEEPEST_PATH, Columns
from rundoctor.readers.csv_rows import read_csv_rows
from rundoctor.readers.curves import curves_of, label, notes_on_values, number_by_counter
from rundoctor.readers.foreign.config_in_row import config_in_row
from rundoctor.readers.foreign.series import in_updates
from rundoctor.readers.json_rows import open_file, read_rows
from rundoctor.readers.sessions import Steps
from rundoctor.readers.tally import Row, Tally

HEAD_BYTES = 1 << 18
LONGEST_INTERVAL = 100
"""A counter that goes on by more from row to row counts steps of the environments, not updates."""
OF_THE_EXPORT = r"_(?:runtime|timestamp|step|wandb)\b"
"""Columns that Weights & Biases adds to a history."""
JSON_SUFFIXES, TEXT_SUFFIXES = (".json", ".jsonl", ".ndjson"), (".csv", ".tsv")
TAB_SEPARATED = ("progress.txt",)
"""Text files that are tables; most are not."""
NO_HISTORY = ("wandb-summary.json", "wandb-metadata.json")
"""Files of Weights & Biases that hold the last value of each metric, or none."""
LOGS_BY_NAME = ("log.csv", "progress.txt", "result.json")
"""What an empty file must be called to count as the log of a run that died early."""

RowReader = Callable[[BinaryIO, Tally], Iterator[list[Row]]]


@dataclass(frozen=True)
class Table:
    """One layout of rows.

    Attributes:
        rows: reads the file's rows.
        labels: the names of the first row's columns, from the beginning of the file.
        suffixes: ends of names that may be such a table.
        given: canonical metric by column, where a user says what the columns mean.
    """

    rows: RowReader
    labels: Callable[[bytes], list[str]]
    suffixes: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    def claims(self, path: Path) -> bool:
        """Whether the first row has columns that some trainer writes, or that the user has named."""
        if not path.name.endswith(self.suffixes) or path.name in NO_HISTORY:
            return False
        try:
            with open_file(path) as stream:
                head = stream.read(HEAD_BYTES)
        except OSError:
            return False
        if not head.strip():
            return path.name in LOGS_BY_NAME
        labels = self.labels(head)
        return bool(set(labels) & set(self.given)) or (not self.given and recognised(labels) is not None)

    def read(self, path: Path) -> Part:
        """Return the curves of a table."""
        tally, columns = Tally(), Columns()
        with open_file(path) as stream:
            for chunk in self.rows(stream, tally):
                columns.add(chunk)
        labels = [label(found) for found in columns.paths]
        framework = recognised(labels) or PLAIN
        names = {name: Column(metric) for name, metric in self.given.items()} | framework.names_of(labels)
        curves, more = _curves(columns, framework, names, path.name)
        _refuse_absent(self.given, labels, path.name)
        notes = (*tally.all_notes(), *notes_on_values(columns), *more)
        read_in = Input(file=path.name, read=tally.rows, skipped=tally.skipped, notes=notes)
        config = config_in_row(path) if path.name.endswith(JSON_SUFFIXES) else None
        return Part(read_in, curves=curves, config=config, framework=framework.name if curves else "")


def _curves(
    columns: Columns, framework: Framework, names: Mapping[str, Column], source: str
) -> tuple[dict[str, Curve], tuple[str, ...]]:
    """Return the curves by canonical name, and notes."""
    unsaid = f"{framework.leave_out}|{OF_THE_EXPORT}"
    left_out = {label(path) for path in columns.paths if re.match(unsaid, label(path))}
    ends = _ends_of_updates(columns, framework)
    if ends is not None:
        steps = Steps(np.arange(columns.rows), np.searchsorted(ends, np.arange(columns.rows)) + framework.first_update)
        place = partial(in_updates, ends=ends, first=framework.first_update)
        curves, notes = curves_of(columns, steps, names, source, left_out | {*framework.counters}, place)
        return _timesteps(columns, framework, ends, source) | curves, notes
    steps, counter = number_by_counter(columns, framework.counters)
    if len(steps.step) > 1 and np.median(np.abs(np.diff(steps.step))) > LONGEST_INTERVAL:
        by_row = Steps(np.arange(columns.rows), np.arange(columns.rows))
        names = {counter: Column("timesteps"), **names}
        return curves_of(columns, by_row, names, source, left_out - {counter})
    curves, notes = curves_of(columns, steps, names, source, left_out | {counter})
    return curves, (*steps.notes, *notes)


def _timesteps(columns: Columns, framework: Framework, ends: Any, source: str) -> dict[str, Curve]:
    """Return the counter of steps at the rows that end an update, where the table has one."""
    for name in framework.counters:
        value = columns.dense((name,))[ends]
        if len(value) > 1 and np.median(np.diff(value)) > LONGEST_INTERVAL:
            step = framework.first_update + np.arange(len(ends))
            return {"timesteps": Curve.from_points("timesteps", step, value, source)}
    return {}


def _ends_of_updates(columns: Columns, framework: Framework) -> Any:
    """Return the rows that end an update, where only some do; else None."""
    for name in framework.once_an_update:
        if (name,) in columns.paths:
            rows, _ = columns.points((name,))
            return rows if len(rows) < columns.rows else None
    return None


def _refuse_absent(given: Mapping[str, str], labels: list[str], name: str) -> None:
    """Raise UnknownName where a column that the user has named holds no number."""
    for column in given:
        if column not in labels:
            raise UnknownName(f"{name} has no column of numbers {column!r}", f"it has {few(labels)}")


def labels_of_text(delimiter: str) -> Callable[[bytes], list[str]]:
    """Return how to tell the columns of a text table from its beginning."""

    def labels(head: bytes) -> list[str]:
        line = head.split(b"\n", 1)[0].decode("utf-8-sig", "replace")
        try:
            return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            return []

    return labels


def _labels_of_json(head: bytes) -> list[str]:
    """Return the key paths of the first record that is whole."""
    from io import BytesIO

    for rows in read_rows(BytesIO(head), Tally()):
        for row in rows:
            return list(_paths(row, ()))
    return []


def _paths(row: Mapping[str, Any], prefix: tuple[str, ...]) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, dict) and len(prefix) < DEEPEST_PATH:
            yield from _paths(value, (*prefix, name))
        else:
            yield label((*prefix, name))


def _read_tabs(stream: BinaryIO, tally: Tally) -> Iterator[list[Row]]:
    return read_csv_rows(stream, tally, delimiter="\t")


LAYOUTS = (
    Table(read_rows, _labels_of_json, JSON_SUFFIXES),
    Table(read_csv_rows, labels_of_text(","), TEXT_SUFFIXES),
    Table(_read_tabs, labels_of_text("\t"), (*TAB_SEPARATED, ".tsv")),
)


def labels_in(path: Path) -> list[str]:
    """Return the columns of a table as far as its beginning tells; none for a file that is no table."""
    for layout in LAYOUTS:
        if path.name.endswith(layout.suffixes):
            try:
                with open_file(path) as stream:
                    return layout.labels(stream.read(HEAD_BYTES))
            except OSError:
                return []
    return []


def readers_given(columns: Mapping[str, str]) -> list[Reader]:
    """Return readers that take any table with one of these columns.

    Args:
        columns: column by canonical metric, as ``--map loss=column`` says.
    """
    given = {column: metric for metric, column in columns.items()}
    layouts = [replace(layout, given=given) for layout in LAYOUTS]
    return [Reader("", layout.claims, layout.read, order=place) for place, layout in enumerate(layouts)]


JSON = Reader("", LAYOUTS[0].claims, LAYOUTS[0].read, order=100)
CSV = Reader("", LAYOUTS[1].claims, LAYOUTS[1].read, order=110)
TABS = Reader("", LAYOUTS[2].claims, LAYOUTS[2].read, order=120)
