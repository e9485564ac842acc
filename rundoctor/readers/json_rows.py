"""The bytes of a JSON file as chunks of records, whatever the file's layout and state.

A list of records, JSON Lines, one record after the other, a single record, or a dict of columns; still being written,
cut off, with garbage between. A dict of columns is one value and is held in memory as a whole; all else is streamed.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from rundoctor.readers.json_stream import BLOCK_BYTES, RecordStream
from rundoctor.readers.json_values import parse, spans
from rundoctor.readers.tally import Row, Tally

COLUMN_ROWS = 1 << 14
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes, or raise OSError; a pipe or a device would block or never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path.name} is not a regular file")
    return path.open("rb")


def read_rows(stream: BinaryIO, tally: Tally) -> Iterator[list[Row]]:
    """Yield the records in chunks, in the order of the file. Nothing in the content raises.

    Args:
        stream: the file, opened for reading bytes.
        tally: counts and notes, filled while the chunks are taken.
    """
    buffer = _first_block(stream)
    if not buffer:
        tally.notes.append("empty: the run may have died before its first update")
    elif buffer.startswith(b"["):
        yield from RecordStream(stream, buffer[1:], tally, in_list=True).chunks()
    elif buffer.startswith(b"{"):
        yield from _from_object(stream, buffer, tally)
    else:
        yield from RecordStream(stream, buffer, tally, in_list=False).chunks()


def _first_block(stream: BinaryIO) -> bytes:
    """Return the first bytes that are no white space; empty at the end of the file."""
    block = stream.read(BLOCK_BYTES).removeprefix(_BYTE_ORDER_MARK)
    while block and not block.strip():
        block = stream.read(BLOCK_BYTES)
    return block.lstrip()


def _from_object(stream: BinaryIO, buffer: bytes, tally: Tally) -> Iterator[list[Row]]:
    """Tell one object from many by what follows the first."""
    first = next(spans(buffer))
    buffer += stream.read() if first.end < 0 else stream.read(1)
    if first.end < 0 or not buffer[first.end :].strip():
        try:
            document = parse(buffer)
        except ValueError:
            pass
        else:
            yield from _from_document(document, tally)
            return
    yield from RecordStream(stream, buffer, tally, in_list=False).chunks()


def _from_document(document: Row, tally: Tally) -> Iterator[list[Row]]:
    """Turn columns into rows where lists prevail; else the object is one record."""
    columns: dict[str, list[Any]] = {name: value for name, value in document.items() if isinstance(value, list)}
    others = sum(1 for value in document.values() if isinstance(value, (int, float, dict)))
    if len(columns) <= others:
        yield tally.records([document])
        return
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        tally.notes.append("columns of different length: the short ones are taken to lack the last rows")
    for start in range(0, max(lengths), COLUMN_ROWS):
        values = zip_longest(*(column[start : start + COLUMN_ROWS] for column in columns.values()))
        yield tally.records([dict(zip(columns, row, strict=True)) for row in values])
