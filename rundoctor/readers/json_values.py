"""JSON values in a buffer: where they stand, and how to parse them as tolerantly as they need.

Plain JSON goes through orjson. Only what orjson refuses (``NaN`` tokens, invalid UTF-8, a lone surrogate) is tried
again, piece by piece, so that one odd record never slows the rest of a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import orjson

BROKEN = {"\0NaN": float("nan"), "\0Infinity": float("inf"), "\0-Infinity": float("-inf")}
"""What stands for a ``NaN``, ``Infinity`` or ``-Infinity`` token, which orjson cannot express, and what it means."""

_NONFINITE = re.compile(rb'(?<![\w."])(?:NaN|-?Infinity)(?=\s*(?:[,\]}]|\Z))')
_NONFINITE_STAND_IN = rb'"\\u0000\g<0>"'
_TOKEN = re.compile(rb'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*(")?|[{\[]+|[}\]]+')
"""A string, whole or as far as its line goes; or some brackets in a row, all opening or all closing."""
_BRACKETS = re.compile(rb"[{\[]+|[}\]]+")
_QUOTE, _OPENERS = ord('"'), b"{["


class Span(NamedTuple):
    """Where a bracketed value stands in a buffer; ``end`` is -1 when the buffer ends before the value does."""

    start: int
    end: int


def spans(buffer: bytes) -> Iterator[Span]:
    """Yield the outermost bracketed values of a buffer, in order."""
    depth = start = 0
    for match in _brackets(buffer):
        place, end = match.span()
        if buffer[place] in _OPENERS:
            start = start if depth else place
            depth += end - place
        elif depth > end - place:
            depth -= end - place
        elif depth:
            yield Span(start, place + depth)
            depth = 0
    if depth:
        yield Span(start, -1)


def _brackets(buffer: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the brackets outside of strings, and those inside of a string that its line does not close."""
    for match in _TOKEN.finditer(buffer):
        if buffer[match.start()] != _QUOTE:
            yield match
        elif match.lastindex is None:
            if buffer.find(b"\n", match.end()) < 0:
                return
            yield from _BRACKETS.finditer(buffer, *match.span())


def parse(text: bytes) -> Any:
    """Return one JSON value, which may hold ``BROKEN``, or raise ValueError."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _parse_tolerantly(text)


def parse_all(region: bytes) -> list[Any] | None:
    """Return the comma-separated values of a region, or None when one of them must be looked at alone."""
    document = b"[" + region + b"]"
    try:
        return cast("list[Any]", orjson.loads(document))
    except ValueError:
        if b"NaN" not in region and b"Infinity" not in region:
            return None
    try:
        return cast("list[Any]", orjson.loads(_NONFINITE.sub(_NONFINITE_STAND_IN, document)))
    except ValueError:
        return None


def count_scalars(gap: bytes) -> int:
    """Return how many things that are no bracketed value stand in a gap between values."""
    gap = gap.strip(b" \t\r\n,]")
    return sum(1 for piece in re.split(rb"[,\n]", gap) if piece.strip(b" \t\r]")) if gap else 0


def _parse_tolerantly(text: bytes) -> Any:
    try:
        return orjson.loads(_NONFINITE.sub(_NONFINITE_STAND_IN, text))
    except ValueError:
        pass
    try:
        return json.loads(text.decode("utf-8", "replace"), strict=False, parse_int=float)
    except RecursionError:
        raise ValueError("nested too deeply") from None
