"""The scalars and texts in the payloads of TensorBoard events, without a protobuf library.

Field numbers as in tensorboard 2.21.0 (``compat/proto/event.proto``, ``summary.proto``, ``tensor.proto``). Nearly all
payloads of a training run are one scalar: wall time, step, and a summary of a tag and four bytes. What stands between
the step and those four bytes is the same for all points of a tag, so it is taken apart once and then looked up.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

MOST_TAGS = 2000
MOST_POINTS = 1 << 20
"""Points of a tag that are kept; of a longer one every second, then every fourth and so on."""
LONGEST_TEXT = 1 << 20
MOST_TEXTS = 200

_EVENT_STEP, _EVENT_SUMMARY, _SUMMARY_VALUE = 2, 5, 1
_VALUE_TAG, _VALUE_SIMPLE, _VALUE_TENSOR = 1, 2, 8
_TENSOR_TYPE, _TENSOR_CONTENT, _TENSOR_STRING = 1, 4, 8
_TENSOR_KINDS = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8"}
"""Number types of a tensor, by ``dtype``."""
_TENSOR_LISTS = {5: "<f4", 6: "<f8"}
"""Fields that list a tensor's numbers, packed."""
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_WALL_TIME_KEY, _STEP_KEY, _STEP_PLACE = 0x09, 0x10, 9
_NEGATIVE = 1 << 63

Fields = Iterator[tuple[int, int, Any]]


class NoEvent(ValueError):
    """The bytes are no protobuf message."""


@dataclass
class Series:
    """The points of one tag in the order of the file; every ``stride``-th is kept."""

    step: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("f"))
    stride: int = 1
    seen: int = 0

    def add(self, step: int, value: float) -> None:
        if self.seen % self.stride == 0:
            self.step.append(step)
            self.value.append(value)
            if len(self.step) >= MOST_POINTS:
                self.step, self.value, self.stride = self.step[::2], self.value[::2], 2 * self.stride
        self.seen += 1

    def points(self) -> tuple[Ints, Floats]:
        """Return steps [n] and values [n]."""
        return np.array(self.step, dtype=np.int64), np.array(self.value, dtype=np.float64)


@dataclass
class Events:
    """What the events of a file hold."""

    scalars: dict[str, Series] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Text summaries by tag, the first of each."""
    began: float = math.inf
    ended: float = -math.inf
    """Wall time of the first and the last scalar, in seconds."""
    unreadable: int = 0
    ignored_tags: int = 0
    _known: dict[bytes, Series] = field(default_factory=dict)

    def add(self, payloads: list[bytes]) -> None:
        """Take the events of some payloads."""
        known, unpack = self._known, struct.Struct("<f").unpack_from
        for payload in payloads:
            try:
                place, step = self._after_step(payload)
                series = known.get(payload[place:-4])
                if series is not None:
                    series.add(step, unpack(payload, len(payload) - 4)[0])
                else:
                    self._take(payload, place)
            except (NoEvent, IndexError, struct.error):
                self.unreadable += 1
        if self.scalars:
            self._note_times(payloads)

    def _note_times(self, payloads: list[bytes]) -> None:
        """Remember between which times the points were written; a chunk is in their order."""
        for payload in (payloads[0], payloads[-1]) if payloads else ():
            if payload[:1] == bytes([_WALL_TIME_KEY]) and len(payload) > _STEP_PLACE:
                time = struct.unpack_from("<d", payload, 1)[0]
                self.began, self.ended = min(self.began, time), max(self.ended, time)

    @staticmethod
    def _after_step(payload: bytes) -> tuple[int, int]:
        """Return where the step ends and the step, for the usual order of fields; else 0 and 0."""
        if len(payload) <= _STEP_PLACE or payload[0] != _WALL_TIME_KEY or payload[_STEP_PLACE] != _STEP_KEY:
            return 0, 0
        step, place = _varint(payload, _STEP_PLACE + 1)
        return place, step

    def _take(self, payload: bytes, place: int) -> None:
        """Take an event apart, and remember how a lone scalar is written."""
        step, values = 0, []
        for number, kind, value in _fields(payload):
            if number == _EVENT_STEP and kind == _VARINT:
                step = value - (value & _NEGATIVE) * 2
            elif number == _EVENT_SUMMARY and kind == _BYTES:
                values += [one for key, form, one in _fields(value) if key == _SUMMARY_VALUE and form == _BYTES]
        for value in values:
            series = self._take_value(step, value)
            if series and place and len(values) == 1 and payload[-5] == _VALUE_SIMPLE << 3 | _FOUR_BYTES:
                self._known[payload[place:-4]] = series

    def _take_value(self, step: int, summary: bytes) -> Series | None:
        """Take one value; return its series where it is a plain scalar that ends the message."""
        tag, last = "", 0
        number: float | None = None
        for key, kind, value in _fields(summary):
            last = key
            if key == _VALUE_TAG and kind == _BYTES:
                tag = value.decode("utf-8", "replace")
            elif key == _VALUE_SIMPLE and kind == _FOUR_BYTES:
                number = struct.unpack("<f", value)[0]
            elif key == _VALUE_TENSOR and kind == _BYTES:
                number = self._take_tensor(tag, value)
        if number is None:
            return None
        if tag not in self.scalars and len(self.scalars) >= MOST_TAGS:
            self.ignored_tags += 1
            return None
        series = self.scalars.setdefault(tag, Series())
        series.add(step, number)
        return series if last == _VALUE_SIMPLE else None

    def _take_tensor(self, tag: str, tensor: bytes) -> float | None:
        """Return the number of a tensor of one number; keep a text."""
        kind = ""
        numbers: list[float] = []
        for key, form, value in _fields(tensor):
            if key == _TENSOR_TYPE and form == _VARINT:
                kind = _TENSOR_KINDS.get(value, "")
            elif key == _TENSOR_CONTENT and form == _BYTES and kind:
                numbers += _unpack(kind, value)
            elif key in _TENSOR_LISTS and form in (_BYTES, _FOUR_BYTES, _EIGHT_BYTES):
                numbers += _unpack(_TENSOR_LISTS[key], value)
            elif key == _TENSOR_STRING and form == _BYTES and len(self.texts) < MOST_TEXTS:
                self.texts.setdefault(tag, value[:LONGEST_TEXT].decode("utf-8", "replace"))
        return numbers[0] if len(numbers) == 1 else None


def _unpack(kind: str, data: bytes) -> list[float]:
    whole = len(data) - len(data) % np.dtype(kind).itemsize
    return [float(number) for number in np.frombuffer(data[:whole], dtype=kind)[:2]]


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Return an unsigned number in base 128, and where it ends."""
    byte = data[place]
    if byte < 0x80:
        return byte, place + 1
    number, shift = byte & 0x7F, 7
    while True:
        place += 1
        byte = data[place]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place + 1
        shift += 7
        if shift > 63:
            raise NoEvent


def _fields(message: bytes) -> Fields:
    """Yield number, wire type and value of each field of a message: an int, or the bytes as they are."""
    place, end = 0, len(message)
    while place < end:
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(message, place)
            yield number, kind, value
            continue
        if kind == _BYTES:
            size, place = _varint(message, place)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise NoEvent
        if place + size > end:
            raise NoEvent
        yield number, kind, message[place : place + size]
        place += size
