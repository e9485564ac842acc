"""TensorBoard event files, whoever wrote them: which trainer did is told from the tags.

The step of an event is the update, or counts steps of the environments; then the points that a trainer writes once an
update say where each update ends. A point belongs to the update that ends at its step or next after it, and a tag with
several points in one update, such as the return of each episode, becomes their mean.

Several files in a directory are the sessions of one run, in the order of the times in their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.frameworks import Column, Framework, recognised
from rundoctor.frameworks.plain import FRAMEWORK as PLAIN
from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.event_records import LONGEST_RECORD_BYTES, Records
from rundoctor.readers.event_values import MOST_TAGS, Events
from rundoctor.readers.foreign.text_summary import config_of_texts
from rundoctor.readers.foreign.updates import in_updates
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

_TIME = re.compile(r"tfevents\.(\d+)")
_TEXT_OF_PRINTER = "replace"


@dataclass(frozen=True)
class _File:
    """One event file, read."""

    name: str
    tally: Tally
    events: Events
    notes: tuple[str, ...]


def claims(path: Path) -> bool:
    """Whether the name is that of an event file."""
    return ".tfevents." in path.name and not path.name.endswith(".profile-empty")


def read(path: Path) -> Part:
    """Return the curves of one event file."""
    return read_together([path])[0]


def read_together(paths: Sequence[Path]) -> list[Part]:
    """Return the curves of the event files of one run, and what became of each file."""
    files = [_read_file(path) for path in sorted(paths, key=_written)]
    tags = {tag for file in files for tag in file.events.scalars}
    framework = recognised(tags) or PLAIN
    curves, sessions, more = _Run(framework, framework.names_of(tags)).curves(files)
    config = next((found for file in files if (found := config_of_texts(file.name, file.events.texts))), None)
    parts = [
        Part(Input(file=file.name, read=file.tally.rows, skipped=file.tally.skipped, notes=file.notes))
        for file in files
    ]
    first = parts[0].input
    summed = Input(file=first.file, read=first.read, skipped=first.skipped, notes=(*first.notes, *more))
    parts[0] = Part(summed, curves=curves, config=config, sessions=sessions, framework=framework.name if curves else "")
    return parts


def _written(path: Path) -> tuple[int, str]:
    time = _TIME.search(path.name)
    return (int(time[1]) if time else 0, path.name)


def _read_file(path: Path) -> _File:
    tally, events = Tally(), Events()
    with open_file(path) as stream:
        records = Records(stream, tally)
        for payloads in records.chunks():
            events.add(payloads)
    notes = [*tally.all_notes()]
    if events.unreadable:
        notes.append(f"{events.unreadable} event(s) that cannot be taken apart skipped")
    if records.too_long:
        notes.append(f"{records.too_long} record(s) above {LONGEST_RECORD_BYTES >> 20} MB stepped over")
    if events.ignored_tags:
        notes.append(f"more than {MOST_TAGS} tags: the rest is not read")
    thinned = [tag for tag, series in events.scalars.items() if series.stride > 1]
    if thinned:
        notes.append(f"{len(thinned)} tag(s) with very many points: not every point is kept")
    if not events.scalars and tally.rows:
        notes.append("holds no scalars: the run may have died before its first update")
    return _File(path.name, tally, events, tuple(notes))


class _Run:
    """The files of one run, their steps put one after the other."""

    def __init__(self, framework: Framework, names: Mapping[str, Column]) -> None:
        self.framework, self.names = framework, names
        self.points: dict[str, tuple[list[Ints], list[Floats]]] = {}
        self.source: dict[str, str] = {}
        self.timesteps: tuple[list[Ints], list[Floats]] = ([], [])
        self.notes: list[str] = []
        self.sessions: list[int] = []
        self.next_update = framework.first_update

    def curves(self, files: Sequence[_File]) -> tuple[dict[str, Curve], tuple[int, ...], tuple[str, ...]]:
        """Return the curves by canonical name, the updates at which sessions start, and notes."""
        for file in files:
            if file.events.scalars:
                self._append(file)
        curves: dict[str, Curve] = {}
        order = [*self.names, *(tag for tag in self.points if tag not in self.names)]
        for tag in order:
            column = self.names.get(tag, Column(tag.encode("utf-8", _TEXT_OF_PRINTER).decode()))
            if tag not in self.points or (tag not in self.names and re.match(self.framework.leave_out, tag)):
                continue
            if column.name in curves:
                self.notes.append(f"{tag} not used: another tag gives {column.name}")
                continue
            step, value = (np.concatenate(pieces) for pieces in self.points[tag])
            curves[column.name] = Curve.from_points(column.name, step, column.factor * value, self.source[tag])
        if self.timesteps[0] and "timesteps" not in curves:
            step, value = (np.concatenate(pieces) for pieces in self.timesteps)
            curves["timesteps"] = Curve.from_points("timesteps", step, value, files[0].name)
        return curves, tuple(self.sessions), tuple(self.notes)

    def _append(self, file: _File) -> None:
        """Add the points of one file behind those of the files before."""
        series = {tag: one.points() for tag, one in file.events.scalars.items()}
        ends = self._ends_of_updates({tag: step for tag, (step, _) in series.items()}, file.name)
        first = self.next_update
        if self.framework.steps_are_updates:
            shift = max(0, first - int(ends[0])) if self.points else 0
            first = int(ends[0]) + shift
            place = partial(_as_updates, shift=shift)
            self.next_update = int(ends[-1]) + shift + 1
        else:
            place = partial(in_updates, ends=ends, first=first)
            self.timesteps[0].append(first + np.arange(len(ends)))
            self.timesteps[1].append(ends.astype(np.float64))
            self.next_update += len(ends)
        if self.points:
            self.sessions.append(first)
            self.notes.append(f"{file.name}: a resumed run, its session starts at update {first}")
        for tag, (step, value) in series.items():
            steps, values = self.points.setdefault(tag, ([], []))
            self.source.setdefault(tag, file.name)
            placed = place(step, value)
            steps.append(placed[0])
            values.append(placed[1])

    def _ends_of_updates(self, steps: Mapping[str, Ints], name: str) -> Ints:
        """Return the steps at which updates end, increasing. Shape [n], n >= 1."""
        tag = next((tag for tag in self.framework.once_an_update if tag in steps), None)
        if tag is None:
            tag = next((tag for tag in self.names if tag in steps), max(steps, key=lambda tag: len(steps[tag])))
        if (np.diff(steps[tag]) < 0).any():
            self.notes.append(f"{name}: the steps of {tag} go back; points of one step become their mean")
        return np.unique(steps[tag])


def _as_updates(step: Ints, value: Floats, *, shift: int) -> tuple[Ints, Floats]:
    return step + shift, value


READER = Reader(framework="", claims=claims, read=read, order=200, read_together=read_together)
