"""``timers.json`` of ML-Agents: its gauges hold the last value of every metric, and how many were written.

``mlagents_envs/timers.py`` and the ``GaugeWriter`` of ``mlagents/trainers/stats.py`` at 1.1.0 write
``<behavior>.Losses.ValueLoss.mean`` where the event files have ``Losses/Value Loss``. A curve is therefore the one
point that is left of it; where event files are read, this file adds nothing. Of several behaviours the first is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rundoctor.conversion import LARGEST
from rundoctor.frameworks.ml_agents import FRAMEWORK
from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.json_values import parse

LARGEST_BYTES = 1 << 24
_GAUGE = re.compile(r"(?P<behavior>.+)\.(?P<category>[^.]+)\.(?P<metric>[^.]+)\.mean")
_TAGS = {tag.replace("/", ".").replace(" ", ""): column for tag, column in FRAMEWORK.columns.items()}
"""Columns by the spelling of a gauge."""


def claims(path: Path) -> bool:
    """Whether the name is that of the file."""
    return path.name == "timers.json"


def read(path: Path) -> Part:
    """Return the last point of each metric."""
    with open_file(path) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    try:
        document = parse(data) if len(data) <= LARGEST_BYTES else None
    except ValueError:
        document = None
    gauges = document.get("gauges") if isinstance(document, dict) else None
    if not isinstance(gauges, dict):
        return Part(Input(file=path.name, read=0, notes=("no gauges can be read: cut off, or no metric yet",)))
    found = list(_last_values(gauges))
    behaviors = list(dict.fromkeys(behavior for behavior, *_ in found))
    curves = {
        name: Curve.from_points(name, np.array([count - 1]), np.array([value]), path.name)
        for behavior, name, count, value in found
        if behavior == behaviors[0]
    }
    others = (f"several behaviours, listed, not mixed: {behaviors[0]} is read",) if len(behaviors) > 1 else ()
    last = ("only the last value of every metric is kept in it: read the event files for the curves",)
    read_in = Input(file=path.name, read=len(curves), notes=(*last, *others))
    return Part(read_in, curves=curves, framework=FRAMEWORK.name if curves else "")


def _last_values(gauges: Mapping[str, Any]) -> Iterator[tuple[str, str, int, float]]:
    """Yield behaviour, canonical metric, number of points and last value."""
    for gauge, content in gauges.items():
        named = _GAUGE.fullmatch(gauge)
        column = _TAGS.get(f"{named['category']}.{named['metric']}") if named else None
        if named is None or column is None or not isinstance(content, dict):
            continue
        value, count = _number(content.get("value")), _number(content.get("count"))
        if value is not None and count is not None and 1 <= count <= LARGEST_BYTES:
            yield named["behavior"], column.name, int(count), column.factor * value


def _number(value: Any) -> float | None:
    """Return a number that a trainer can have written; None for anything else."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST
    return float(value) if is_number else None


READER = Reader(framework="", claims=claims, read=read, order=250, last_resort=True)
