"""Comma-separated rows as chunks of records, as tolerant of a half-written file as the JSON side.

A blank cell is not logged; ``nan`` and ``inf`` are numbers; other text stays text,
``70846_00000`` included, which Python would take for a number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from rundoctor.readers.tally import Row, Tally

CHUNK_ROWS = 1 << 12
LONGEST_LINE = 1 << 22


def read_csv_rows(stream: BinaryIO, tally: Tally, delimiter: str = ",") -> Iterator[list[Row]]:
    """Yield the rows in chunks, in the order of the file. Nothing in the content raises.

    Args:
        stream: the file, opened for reading bytes.
        tally: counts and notes, filled while the chunks are taken.
        delimiter: what stands between two cells.
    """
    lines = _Lines(stream)
    table = _cells(lines, delimiter)
    header = next(table, None)
    if not header:
        empty = "empty: the run may have died before its first update"
        tally.notes.append(empty if header is None else "the header line cannot be read")
        return
    names = [name.strip() for name in header]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        tally.notes.append(f"{', '.join(twice[:8])} heads several columns: the last one counts")
    rows = _rows(table, [name.strip() for name in header], lines, tally)
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    yield chunk


class _Lines:
    """The lines of a file, and whether the last one ended."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        for line in iter(lambda: self._text.readline(LONGEST_LINE), ""):
            self.ended = line.endswith(("\n", "\r"))
            yield line
        self._text.detach()


def _cells(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each row; none for a row that the csv module cannot split."""
    table = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            lines.ended = lines.ended and "unexpected end" not in str(error)
            yield []
            continue
        if any(map(str.strip, cells)):
            yield cells


def _rows(table: Iterator[list[str]], header: list[str], lines: _Lines, tally: Tally) -> Iterator[Row]:
    headers_again = 0
    last = next(table, None)
    while last is not None:
        cells, last = last, next(table, None)
        if [cell.strip() for cell in cells] == header:
            headers_again += 1
            continue
        unended = last is None and not lines.ended
        if len(cells) == len(header):
            tally.rows += 1
            yield dict(zip(header, map(_value, _whole_cells(cells, tally) if unended else cells), strict=True))
        elif unended and len(cells) < len(header):
            tally.cut()
        else:
            tally.reject(tally.seen + 1)
    if headers_again:
        tally.notes.append(f"the header line is repeated {headers_again} time(s)")


def _whole_cells(cells: list[str], tally: Tally) -> list[str]:
    """Blank the last cell of a file without a last line end: it may have lost digits."""
    tally.notes.append(f"row {tally.seen} has no line end: its last cell may be cut off and is not used")
    return [*cells[:-1], ""]


def _value(cell: str) -> Any:
    if not cell:
        return None
    try:
        return float(cell) if "_" not in cell else cell
    except ValueError:
        return cell.strip() or None
