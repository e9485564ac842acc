"""A stream of JSON records, with or without commas between them, taken in regions that are parsed at once.

The stream is read block by block and cut between two records: time is linear in the records, memory is bounded by the
block. The cut is a guess, the last place that looks like the gap between two earlier records. A guess inside a string
or inside a nested list leaves a quote or a bracket open on its left, so the parser itself refuses a wrong one; then
the block is looked at value by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import BinaryIO

from rundoctor.readers.json_values import Span, count_scalars, parse, parse_all, spans
from rundoctor.readers.tally import Row, Tally

BLOCK_BYTES = 1 << 17
"""Small enough that the values of a block stay in the processor's cache until they are in columns."""
LONGEST_RECORD_BYTES = 1 << 24
"""A record that has not ended after so many bytes counts as broken."""
MOST_RESYNCS = 20
"""Broken records without an end that are stepped over before the rest of a file is given up."""

_FIRST_KEY = re.compile(rb'\s*"(?:[^"\\]|\\.)*"\s*:')
_OBJECT = ord("{")


class RecordStream:
    """Reads the records after the opening bracket of a list, or from the first record of JSON Lines."""

    def __init__(self, stream: BinaryIO, buffer: bytes, tally: Tally, *, in_list: bool) -> None:
        """Start with the bytes that were already read from the stream."""
        self._stream = stream
        self._buffer = buffer
        self._tally = tally
        self._list_is_open = in_list
        self._separators: tuple[bytes, ...] = ()
        self._lines = False
        self._given_up = False
        self._resyncs = 0

    def chunks(self) -> Iterator[list[Row]]:
        """Yield the records in the order of the file."""
        final = False
        while not (final or self._given_up):
            block = self._stream.read(max(BLOCK_BYTES, len(self._buffer)))
            final = not block
            self._buffer += block
            yield self._take_region()
        while self._buffer and not self._given_up:
            yield self._take_values(final=True)
        if not self._tally.seen and not self._list_is_open:
            self._tally.notes.append("an empty list: the run may have died before its first update")
        elif self._list_is_open and not self._given_up and not self._tally.cut_off:
            self._tally.notes.append(f"cut off after record {self._tally.seen}; the trainer may be rewriting it")

    def _take_region(self) -> list[Row]:
        """Take all records up to the last separator at once."""
        if not self._separators:
            self._learn_separators()
        self._buffer = self._buffer.lstrip(b" \t\r\n,")
        for separator in self._separators:
            cut = self._buffer.rfind(separator)
            if cut >= 0 and (values := parse_all(self._with_commas(self._buffer[: cut + 1]))) is not None:
                self._buffer = self._buffer[cut + len(self._separators[-1]) - 1 :]
                return self._tally.records(values)
        return self._take_values(final=False)

    def _learn_separators(self) -> None:
        """Remember what stands between two records: together with the second's first key, and alone."""
        for first, second in pairwise(islice(spans(self._buffer), 20)):
            plain = self._buffer[first.end - 1 : second.start + 1]
            if plain.startswith(b"}") and plain.endswith(b"{") and not count_scalars(plain[1:-1]):
                break
        else:
            return
        key = _FIRST_KEY.match(self._buffer, second.start + 1)
        self._lines = b"," not in plain and b"\n" in plain and b"\n" not in self._buffer[first.start : first.end]
        if b"," in plain or self._lines:
            self._separators = (plain + key[0], plain) if key else (plain,)

    def _with_commas(self, region: bytes) -> bytes:
        return region.replace(self._separators[-1], b"},{") if self._lines else region

    def _take_values(self, *, final: bool) -> list[Row]:
        """Take value by value, stepping over what cannot be parsed; what may still go on stays in the buffer."""
        if self._lines:
            return self._take_lines(final)
        buffer, rows, done = self._buffer, list[Row](), 0
        for span in spans(buffer):
            self._pass_gap(buffer[done : span.start])
            done = span.end
            if span.end < 0:
                self._buffer = buffer[span.start :]
                self._wait_or_step_over(final)
                return rows
            unreadable = self._tally.unreadable
            rows += self._parse_one(buffer[span.start : span.end])
            next_start = self._next_start(buffer, span) if self._tally.unreadable > unreadable else -1
            if next_start >= 0:
                self._buffer = buffer[next_start:]
                return rows
        rest = buffer[done:]
        settled = len(rest) if final else max(rest.rfind(b","), rest.rfind(b"\n")) + 1
        self._pass_gap(rest[:settled])
        self._buffer = rest[settled:]
        return rows

    def _take_lines(self, final: bool) -> list[Row]:
        lines = self._buffer.split(b"\n")
        self._buffer = lines.pop()
        rows = [row for line in lines if line.strip() for row in self._parse_one(line)]
        if not self._buffer.strip():
            self._buffer = b""
        elif final:
            last, self._buffer = self._buffer, b""
            rows += self._parse_one(last, is_last=True)
        elif len(self._buffer) > LONGEST_RECORD_BYTES:
            self._give_up_on_the_rest()
        return rows

    def _parse_one(self, text: bytes, *, is_last: bool = False) -> list[Row]:
        """Return the record in a list, or an empty list; either way it is counted."""
        try:
            value = parse(text)
        except ValueError:
            if is_last:
                self._tally.cut()
            else:
                self._tally.reject(self._tally.seen + 1)
            return []
        return self._tally.records([value])

    def _pass_gap(self, gap: bytes) -> None:
        if gap.strip(b" \t\r\n,"):
            self._tally.not_records += count_scalars(gap)
            self._list_is_open = self._list_is_open and b"]" not in gap

    def _wait_or_step_over(self, final: bool) -> None:
        """Decide what to do with a buffer that starts with a value that does not end in it."""
        if not final and len(self._buffer) <= LONGEST_RECORD_BYTES:
            return
        next_start = self._next_start(self._buffer, Span(0, len(self._buffer)))
        if next_start >= 0:
            self._tally.reject(self._tally.seen + 1)
            self._buffer = self._buffer[next_start:]
        elif final:
            self._tally.cut()
            self._buffer = b""
        else:
            self._give_up_on_the_rest()

    def _next_start(self, buffer: bytes, span: Span) -> int:
        """Return where the next record starts inside a broken value that has swallowed it, or -1."""
        place = buffer.find(self._separators[0], span.start, span.end) if self._separators else -1
        if place < 0 or self._resyncs >= MOST_RESYNCS:
            return -1
        self._resyncs += 1
        return place + len(self._separators[-1]) - 1

    def _give_up_on_the_rest(self) -> None:
        megabytes = LONGEST_RECORD_BYTES >> 20
        self._give_up(f"record {self._tally.seen + 1} has no end within {megabytes} MB: the rest was not read")

    def _give_up(self, note: str) -> None:
        self._tally.notes.append(note)
        self._given_up = True
        self._buffer = b""
