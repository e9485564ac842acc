"""TensorBoard event files, whoever wrote them: which trainer did is told from the tags.

Several files in a directory are the sessions of one run, in the order of the times in their names, unless they were
written at the same time with the same tags: then they are several runs, and the first is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rundoctor.frameworks import recognised
from rundoctor.frameworks.plain import FRAMEWORK as PLAIN
from rundoctor.model import Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.event_records import LONGEST_RECORD_BYTES, Records
from rundoctor.readers.event_values import MOST_TAGS, Events
from rundoctor.readers.foreign.series import Series, curves_of_series
from rundoctor.readers.foreign.text_summary import config_of_texts
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

_TIME = re.compile(r"tfevents\.(\d+)")


@dataclass(frozen=True)
class _File:
    """One event file, read."""

    name: str
    tally: Tally
    events: Events
    notes: tuple[str, ...]

    def as_input(self) -> Input:
        """Return how the reading went."""
        return Input(file=self.name, read=self.tally.rows, skipped=self.tally.skipped, notes=self.notes)

    def points(self) -> dict[str, tuple[Ints, Floats]]:
        """Return steps and values by tag."""
        return {tag: series.points() for tag, series in self.events.scalars.items()}


def claims(path: Path) -> bool:
    """Whether the name is that of an event file."""
    return ".tfevents." in path.name and not path.name.endswith(".profile-empty")


def read(path: Path) -> Part:
    """Return the curves of one event file."""
    return read_together([path])[0]


def read_together(paths: Sequence[Path]) -> list[Part]:
    """Return the curves of the event files of one run, and what became of each file."""
    files = _of_one_run([_read_file(path) for path in sorted(paths, key=written)])
    tags = {tag for file in files for tag in file.events.scalars}
    framework = recognised(tags) or PLAIN
    found = curves_of_series(_sessions(files), framework)
    settings = (config_of_texts(file.name, file.events.texts) for file in files)
    config = next((one for one in settings if one is not None), None)
    parts = [Part(file.as_input()) for file in files]
    first = replace(parts[0].input, notes=(*parts[0].input.notes, *found.notes))
    written_by = framework.name if found.curves else ""
    parts[0] = Part(first, found.curves, config=config, sessions=found.sessions, framework=written_by)
    return parts


def _of_one_run(files: list[_File]) -> list[_File]:
    """Take the points out of files that another run wrote meanwhile: the same tags in times that overlap."""
    kept: list[_File] = []
    result = []
    for file in files:
        beside = [other for other in kept if file.events.began < other.events.ended]
        same = next((other for other in beside if file.events.scalars.keys() & other.events.scalars.keys()), None)
        if same is None:
            kept += [file] if file.events.scalars else []
            result.append(file)
        else:
            note = f"listed, not mixed: another run, of the same time as {same.name}; name it to read it"
            result.append(replace(file, events=Events(), notes=(note,)))
    return result


def _sessions(files: list[_File]) -> list[Series]:
    """Return the points of each session; files that were written at the same time are of one."""
    sessions: list[Series] = []
    ended = -math.inf
    for file in files:
        if sessions and file.events.began < ended:
            sessions[-1] = replace(sessions[-1], points={**sessions[-1].points, **file.points()})
        elif file.events.scalars:
            sessions.append(Series(file.name, file.points()))
        ended = max(ended, file.events.ended)
    return sessions


def written(path: Path) -> tuple[int, str]:
    """Return a sort key for event files: the time in the name, then the name."""
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


READER = Reader(framework="", claims=claims, read=read, order=200, read_together=read_together)
