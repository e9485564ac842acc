"""The records of a TensorBoard event file: length, checksum of the length, payload, checksum of the payload.

The format as tensorboard 2.21.0 reads it (``compat/tensorflow_stub/pywrap_tensorflow.py``). Checksums are computed for
many records at once: payloads of about one length are the rows of a matrix, and the checksum walks its columns.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    Words = np.ndarray[Any, np.dtype[np.uint32]]

BLOCK_BYTES = 1 << 20
LONGEST_RECORD_BYTES = 1 << 22
"""A longer payload is an image, a video or a graph: it is stepped over unread."""
CHECKED_BYTES = 1 << 10
"""A longer payload is a histogram or a text: its checksum would take long and nothing else is lost with it."""
MOST_RESYNCS = 20
"""Broken lengths after which the next sound record is looked for, before the rest of a file is given up."""

_HEADER = struct.Struct("<QI")
_LENGTH_BYTES, _HEADER_BYTES, _FOOTER_BYTES = 8, _HEADER.size, 4
_MAY_BE_HEADER = re.compile(rb"(?s)(?=...\x00{5}....)")
_POLYNOMIAL, _MASK = 0x82F63B78, 0xA282EAD8
"""CRC-32C with its bits reversed, and what masks it."""


def _table() -> Words:
    """Return the checksum's step for each byte. Shape [256]."""
    entries = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        entries = (entries >> 1) ^ np.where(entries & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
    return entries


_TABLE = _table()


def _starts(count: int) -> Words:
    """Return the states from which 0, 1, 2, ... zero bytes lead to the first state. Shape [count]."""
    table = _TABLE.tolist()
    byte_of = {entry >> 24: byte for byte, entry in enumerate(table)}
    states = [0xFFFFFFFF]
    for _ in range(count - 1):
        byte = byte_of[states[-1] >> 24]
        states.append(((states[-1] ^ table[byte]) << 8 | byte) & 0xFFFFFFFF)
    return np.array(states, dtype=np.uint32)


_STARTS = _starts(CHECKED_BYTES)


def checksums(payloads: list[bytes], width: int) -> Words:
    """Return the masked CRC-32C of each payload. Shape [n].

    Args:
        payloads: bytes of different lengths, ``width`` at most; zeros in front make them equally long.
        width: at most ``CHECKED_BYTES``.
    """
    rows = np.frombuffer(b"".join([payload.rjust(width, b"\0") for payload in payloads]), dtype=np.uint8)
    state = _STARTS[width - np.fromiter(map(len, payloads), dtype=np.int64, count=len(payloads))]
    for column in np.ascontiguousarray(rows.reshape(len(payloads), width).T):
        state = _TABLE[(state & 0xFF) ^ column] ^ (state >> 8)
    state = ~state
    masked: Words = ((state >> 15) | (state << 17)) + np.uint32(_MASK)
    return masked


def checksum(data: bytes) -> int:
    """Return the masked CRC-32C of some bytes."""
    return int(checksums([data], len(data))[0])


class Records:
    """The records of one stream, read block by block."""

    def __init__(self, stream: BinaryIO, tally: Tally) -> None:
        """Start at the beginning.

        Args:
            stream: the file, opened for reading bytes.
            tally: counts and notes, filled while the chunks are taken.
        """
        self._stream = stream
        self._tally = tally
        self._buffer = b""
        self._sound_lengths: dict[int, int] = {}
        self._resyncs = 0
        self.too_long = 0
        """Records that were stepped over for their length."""

    def chunks(self) -> Iterator[list[bytes]]:
        """Yield the sound payloads in the order of the file. Nothing in the content raises."""
        block = self._stream.read(BLOCK_BYTES)
        if not block:
            self._tally.notes.append("empty: the run may have died before its first update")
        while block:
            self._buffer += block
            yield self._split()
            while self._step_over():
                yield self._split()
            block = self._stream.read(BLOCK_BYTES) if self._resyncs <= MOST_RESYNCS else b""
        if self._resyncs > MOST_RESYNCS:
            self._tally.notes.append(f"more than {MOST_RESYNCS} damaged places: the rest was not read")
        elif self._buffer:
            self._tally.cut()

    def _split(self) -> list[bytes]:
        """Take the whole records off the buffer, up to one whose length is broken or too large."""
        buffer, place, payloads, written = self._buffer, 0, list[bytes](), list[bytes]()
        last = len(buffer) - _HEADER_BYTES - _FOOTER_BYTES
        while place <= last:
            length, check = _HEADER.unpack_from(buffer, place)
            if length > LONGEST_RECORD_BYTES or self._check_of(length) != check:
                break
            start = place + _HEADER_BYTES
            end = start + length
            if end + _FOOTER_BYTES > len(buffer):
                break
            payloads.append(buffer[start:end])
            place = end + _FOOTER_BYTES
            written.append(buffer[end:place])
        self._buffer = buffer[place:]
        return self._sound(payloads, written)

    def _check_of(self, length: int) -> int:
        """Return the checksum of a length; a file has few lengths, so each is computed once."""
        if length not in self._sound_lengths:
            self._sound_lengths[length] = checksum(length.to_bytes(_LENGTH_BYTES, "little"))
        return self._sound_lengths[length]

    def _sound(self, payloads: list[bytes], written: list[bytes]) -> list[bytes]:
        """Return the payloads whose checksum is the written one; count the others."""
        checks = np.frombuffer(b"".join(written), dtype="<u4")
        lengths = np.fromiter(map(len, payloads), dtype=np.int64, count=len(payloads))
        sound = np.ones(len(payloads), dtype=np.bool_)
        shortest, width = -1, 64
        while width <= CHECKED_BYTES:
            places = np.flatnonzero((lengths > shortest) & (lengths <= width))
            if len(places):
                sound[places] = checksums([payloads[place] for place in places.tolist()], width) == checks[places]
            shortest, width = width, 2 * width
        if sound.all():
            self._tally.rows += len(payloads)
            return payloads
        kept = []
        for payload, good in zip(payloads, sound.tolist(), strict=True):
            if good:
                self._tally.rows += 1
                kept.append(payload)
            else:
                self._tally.reject(self._tally.seen + 1)
        return kept

    def _step_over(self) -> bool:
        """Pass a record that is too long, or look for the next sound length; False where more bytes are needed."""
        if len(self._buffer) < _HEADER_BYTES:
            return False
        length, check = _HEADER.unpack_from(self._buffer)
        if checksum(self._buffer[:_LENGTH_BYTES]) == check:
            if length <= LONGEST_RECORD_BYTES:
                return False
            return self._pass(_HEADER_BYTES + length + _FOOTER_BYTES)
        self._resyncs += 1
        self._tally.reject(self._tally.seen + 1)
        for match in _MAY_BE_HEADER.finditer(self._buffer, 1):
            found, check = _HEADER.unpack_from(self._buffer, match.start())
            if found <= LONGEST_RECORD_BYTES and self._check_of(found) == check:
                self._buffer = self._buffer[match.start() :]
                return True
        self._buffer = self._buffer[1 - _HEADER_BYTES :]
        return False

    def _pass(self, size: int) -> bool:
        """Leave out the next bytes; False where they go on beyond the buffer."""
        self.too_long += 1
        missing = size - len(self._buffer)
        self._buffer = self._buffer[size:]
        if missing <= 0:
            return True
        target = self._stream.tell() + missing
        end = self._stream.seek(0, os.SEEK_END)
        if target > end:
            self._tally.cut()
        self._stream.seek(min(target, end))
        return False
