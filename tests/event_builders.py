"""Event files made byte by byte, for tests that damage them or need a writer that torch does not have."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rundoctor.readers.event_records import checksum

Points = Sequence[tuple[int, float]]


def varint(number: int) -> bytes:
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def nested(number: int, message: bytes) -> bytes:
    """A field that holds a message, a text or bytes."""
    return varint(number << 3 | 2) + varint(len(message)) + message


def event(step: int, *values: bytes, time: float = 1.7e9) -> bytes:
    summary = b"".join(nested(1, value) for value in values)
    return b"\x09" + struct.pack("<d", time) + b"\x10" + varint(step) + nested(5, summary)


def scalar(tag: str, number: float) -> bytes:
    return nested(1, tag.encode()) + b"\x15" + struct.pack("<f", number)


def tensor(tag: str, message: bytes) -> bytes:
    return nested(1, tag.encode()) + nested(8, message)


def text(tag: str, words: str) -> bytes:
    return tensor(tag, b"\x08\x07" + nested(8, words.encode()))


def record(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    return length + struct.pack("<I", checksum(length)) + payload + struct.pack("<I", checksum(payload))


def events(
    scalars: Mapping[str, Points], texts: Mapping[str, str] | None = None, time: float = 1.7e9
) -> Iterable[bytes]:
    """The payloads of an event file: its version, the texts, then the points by step, a second each."""
    yield b"\x09" + struct.pack("<d", time) + nested(3, b"brain.Event:2")
    for tag, words in (texts or {}).items():
        yield event(0, text(tag, words))
    points = sorted((step, place, tag) for tag, steps in scalars.items() for place, (step, _) in enumerate(steps))
    for step, place, tag in points:
        time += 1
        yield event(step, scalar(tag, scalars[tag][place][1]), time=time)


def write_events(
    directory: Path, scalars: Mapping[str, Points], texts: Mapping[str, str] | None = None, time: int = 1700000000
) -> Path:
    """Write an event file and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"events.out.tfevents.{time}.host.1.0"
    path.write_bytes(b"".join(map(record, events(scalars, texts, time))))
    return path
