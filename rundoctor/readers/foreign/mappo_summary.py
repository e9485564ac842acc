"""``summary.json`` of on-policy MAPPO: what its tensorboardX writer exports, ``[time, step, value]`` by tag.

A tag is written as the path of its directory, with the tag's name twice at the end; what stands before ``/logs/`` is
where the run lay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rundoctor.frameworks.mappo import FRAMEWORK
from rundoctor.model import Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.foreign.series import Series, curves_of_series
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.json_values import BROKEN, parse

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

LARGEST_BYTES = 1 << 28
HEAD_BYTES = 1 << 12
_IS_SUMMARY = re.compile(rb'\A\s*\{\s*"[^"]*/logs/')
_TAG = re.compile(r"(?:.*/logs/)?(?P<tag>.+?)(?:/(?P=tag))?")
_TAG_BEGINS = re.compile(r'"([^"\\]*/logs/[^"\\]*)"\s*:\s*\[')
_ENTRY = re.compile(r"\[\s*[-+.\w]+\s*,\s*(\d{1,15})\s*,\s*([-+.\w]+)\s*\]")
"""A time, a step and a value."""


def claims(path: Path) -> bool:
    """Whether the file is such a summary: its tags are paths below ``logs``."""
    if path.name != "summary.json":
        return False
    try:
        with open_file(path) as stream:
            return _IS_SUMMARY.match(stream.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def read(path: Path) -> Part:
    """Return the curves of a summary."""
    with open_file(path) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    series, notes = _series(data)
    matches = {tag: _TAG.fullmatch(tag) for tag in series}
    points = {match["tag"]: series[tag] for tag, match in matches.items() if match and len(series[tag][0])}
    found = curves_of_series([Series(path.name, points)], FRAMEWORK)
    read_in = Input(file=path.name, read=max((len(step) for step, _ in points.values()), default=0), notes=notes)
    return Part(read_in, curves=found.curves)


def _series(data: bytes) -> tuple[dict[str, tuple[Ints, Floats]], tuple[str, ...]]:
    """Return steps and values by tag; of a damaged file what can still be told apart."""
    notes: tuple[str, ...] = ()
    try:
        document = parse(data)
    except ValueError:
        found = {tag: list(entries) for tag, entries in _salvaged(data.decode("utf-8", "replace"))}
        notes = (f"damaged, or cut off while it is written: what can be read of {len(found)} tag(s)",)
    else:
        if not isinstance(document, dict):
            return {}, ("not a summary by tag",)
        found = {tag: list(_points(entries)) for tag, entries in document.items()}
    return {
        tag: (np.array([step for step, _ in points], np.int64), np.array([value for _, value in points], np.float64))
        for tag, points in found.items()
    }, notes


def _salvaged(text: str) -> Iterator[tuple[str, Iterator[tuple[int, float]]]]:
    """Yield the tags of a text and their entries that are whole."""
    begins = list(_TAG_BEGINS.finditer(text))
    ends = [begin.start() for begin in begins[1:]] + [len(text)]
    for begin, end in zip(begins, ends, strict=True):
        yield begin[1], _numbers(_ENTRY.finditer(text, begin.end(), end))


def _numbers(entries: Iterable[re.Match[str]]) -> Iterator[tuple[int, float]]:
    for entry in entries:
        try:
            yield int(entry[1]), float(entry[2])
        except ValueError:
            continue


def _points(entries: Any) -> Iterator[tuple[int, float]]:
    """Yield step and value of each entry that has them."""
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[1], (int, float)):
            value = BROKEN.get(entry[2]) if isinstance(entry[2], str) else entry[2]
            if isinstance(value, (int, float)) and abs(entry[1]) < 1 << 53:
                yield int(entry[1]), float(value)


READER = Reader(framework=FRAMEWORK.name, claims=claims, read=read, order=90)
