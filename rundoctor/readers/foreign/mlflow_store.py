"""A run in MLflow's file store: a file a metric in ``metrics/``, a file a parameter in ``params/``.

A line of a metric is ``time value step``, as ``mlflow/store/tracking/file_store.py`` writes it; old versions left out
the step, and then the line stands for it. A run's directory is told by its ``meta.yaml`` beside ``metrics``. Parameters
are what the trainer gave to MLflow; they are no file that could be patched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rundoctor.frameworks import recognised
from rundoctor.frameworks.plain import FRAMEWORK as PLAIN
from rundoctor.model import Config, Entry, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.foreign.series import Series, curves_of_series
from rundoctor.readers.foreign.text_summary import plain_value
from rundoctor.readers.json_rows import open_file

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

MOST_FILES = 2000
MOST_LINES = 1 << 20
LONGEST_PARAMETER = 1 << 12


def claims(path: Path) -> bool:
    """Whether the file is the description of a run, with metrics beside it."""
    return path.name == "meta.yaml" and (path.parent / "metrics").is_dir()


def read(path: Path) -> Part:
    """Return the curves and parameters of a run."""
    tags = {_key(file, path.parent / "metrics"): file for file in _files(path.parent / "metrics")}
    notes: list[str] = []
    points = {tag: _points(file, tag, notes) for tag, file in tags.items()}
    framework = recognised(points) or PLAIN
    found = curves_of_series([Series("metrics", points)], framework)
    rows = sum(len(step) for step, _ in points.values())
    read_in = Input(file=path.name, read=rows, notes=(*notes, *found.notes))
    config = _config(path.parent / "params")
    return Part(read_in, found.curves, config=config, framework=framework.name if found.curves else "")


def _files(directory: Path) -> list[Path]:
    """Return the files below a directory: a metric's name may hold slashes."""
    walk = (Path(place, name) for place, _, names in os.walk(directory) for name in names)
    return sorted(islice(walk, MOST_FILES))


def _key(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _points(file: Path, tag: str, notes: list[str]) -> tuple[Ints, Floats]:
    """Return steps and values of one metric; lines that are no points are counted in a note."""
    found: list[tuple[int, float]] = []
    skipped = 0
    try:
        with open_file(file) as stream:
            for number, line in enumerate(islice(stream, MOST_LINES)):
                point = _point(line, number)
                skipped += point is None
                found += [point] if point else []
    except OSError as error:
        notes.append(f"{tag} cannot be opened: {error.strerror or error}")
    if skipped:
        notes.append(f"{tag}: {skipped} line(s) that are no points skipped")
    return np.array([one[0] for one in found], np.int64), np.array([one[1] for one in found], np.float64)


def _point(line: bytes, number: int) -> tuple[int, float] | None:
    """Return step and value of a whole line; the last one of a file may be cut off."""
    words = line.split()
    if len(words) not in (2, 3) or not line.endswith(b"\n"):
        return None
    try:
        step = int(words[2]) if len(words) == 3 else number
        return (step, float(words[1])) if abs(step) < 1 << 53 else None
    except ValueError:
        return None


def _config(directory: Path) -> Config | None:
    entries = [_entry(file, directory) for file in (_files(directory) if directory.is_dir() else [])]
    known = [entry for entry in entries if entry is not None]
    text = "".join(f"{'.'.join(entry.path)}: {entry.raw}\n" for entry in known)
    return Config(file="params", path=str(directory), text=text, entries=tuple(known), is_file=False) if known else None


def _entry(file: Path, directory: Path) -> Entry | None:
    try:
        with open_file(file) as stream:
            raw = stream.read(LONGEST_PARAMETER).decode("utf-8", "replace").strip()
    except OSError:
        return None
    value: Any = plain_value(raw)
    return Entry(path=tuple(_dotted(file, directory)), value=value, raw=raw, start=0, end=0, line=1)


def _dotted(file: Path, directory: Path) -> Iterator[str]:
    yield from _key(file, directory).replace("/", ".").split(".")


READER = Reader(framework="", claims=claims, read=read, order=80)
