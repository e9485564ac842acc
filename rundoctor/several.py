"""More than one run under a directory: they are listed, never mixed, with the command that reads one."""

from __future__ import annotations

import os
import shlex
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rundoctor.errors import NotARun, UnreadableFile
from rundoctor.files_read import left_out
from rundoctor.model import Input
from rundoctor.run_files import PARTS_OF_A_RUN, claims_in, entries
from rundoctor.wording import count

DEEPEST = 5
"""Levels of directories that are looked into for runs."""
MOST_DIRECTORIES = 500
MOST_BESIDE = 50
"""Directories in a run that are looked into for a log of another one."""
MOST_NAMES = 5
"""Runs that one line names."""


def refusal(directory: Path) -> NotARun | None:
    """Return the error for a directory that is no run and has some below it; None where it has none."""
    runs = list(runs_below(directory))
    if not runs:
        return None
    names = [os.path.relpath(run, directory) for run in runs]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    latest = max(runs, key=lambda run: (_written(run), str(run)))
    command = f"rundoctor {shlex.quote(str(latest))}"
    said = f"{directory}: holds {count(len(names), 'run')}: {', '.join(names[:MOST_NAMES])}{more}"
    return NotARun(said, command if len(runs) == 1 else f"one is read at a time, such as the latest: {command}")


def runs_below(directory: Path) -> Iterator[Path]:
    """Yield the directories below one that are runs, level by level; none inside another run."""
    queue = deque((place, 1) for place in _places(directory))
    looked = 0
    while queue and looked < MOST_DIRECTORIES:
        place, depth = queue.popleft()
        looked += 1
        if _has_log(place):
            yield place
        elif depth < DEEPEST:
            queue.extend((below, depth + 1) for below in _places(place))


def near(directory: Path) -> list[Path]:
    """Return what lies in a directory that is no run, and in those below it."""
    return [*entries(directory), *(path for place in _places(directory)[:MOST_BESIDE] for path in place.glob("*"))]


def logs_beside(directory: Path, used: Iterable[Path]) -> list[Input]:
    """Return the directories inside a run that hold a log of their own, which is not read with it."""
    parents = {path.parent for path in used}
    places = (place for place in _places(directory) if place not in parents and place.name not in PARTS_OF_A_RUN)
    inside = islice(places, MOST_BESIDE)
    return [left_out(place, "a log in a directory of its own", another=True) for place in inside if _has_log(place)]


def _places(directory: Path) -> list[Path]:
    try:
        found = entries(directory)
    except UnreadableFile:
        return []
    shown = (place for place in found if not place.name.startswith("."))
    return sorted(place for place in shown if os.path.isdir(place) and not place.is_symlink())


def _has_log(directory: Path) -> bool:
    try:
        return any(not claim.reader.is_config for claim in claims_in(directory, None))
    except UnreadableFile:
        return False


def _written(directory: Path) -> float:
    """Return when a file of the directory was written last."""
    try:
        return max((path.stat().st_mtime for path in entries(directory)), default=0.0)
    except (OSError, UnreadableFile):
        return 0.0
