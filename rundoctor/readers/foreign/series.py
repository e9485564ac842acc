"""Points by tag, as event files, MLflow and others keep them, to curves with canonical names over updates.

The step of a point is the update, or counts steps of the environments; then the points that a trainer writes once an
update say where each update ends. A point belongs to the update that ends at its step or next after it, and a tag with
several points in one update, such as the return of each episode, becomes their mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.frameworks import Column, Framework
from rundoctor.model import Curve

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

    Points = tuple[Ints, Floats]
    """Steps [n] and values [n]."""


@dataclass(frozen=True)
class Series:
    """The points of one session of a run, by tag."""

    name: str
    """File or directory they were read from, for evidence."""
    points: Mapping[str, Points]


@dataclass(frozen=True)
class Found:
    """What the sessions of a run hold."""

    curves: Mapping[str, Curve]
    sessions: tuple[int, ...] = ()
    """Updates at which a resumed session starts."""
    notes: tuple[str, ...] = ()


def curves_of_series(sessions: Sequence[Series], framework: Framework) -> Found:
    """Return the curves of a run whose sessions follow each other."""
    run = _Run(framework)
    for session in sessions:
        points = {tag: found for tag, found in session.points.items() if len(found[0])}
        if points:
            run.append(session.name, points)
    curves = run.curves()
    return Found(curves, tuple(run.sessions), tuple(run.notes))


class _Run:
    """Sessions put one after the other."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.pieces: dict[str, list[Points]] = {}
        self.source: dict[str, str] = {}
        self.notes: list[str] = []
        self.sessions: list[int] = []
        self.next_update = framework.first_update

    def append(self, name: str, points: Mapping[str, Points]) -> None:
        """Add a session behind those before."""
        points = self._on_one_axis(points)
        ends = self._ends_of_updates(name, points)
        first = self.next_update
        if self.framework.steps_are_updates:
            shift = max(0, first - int(ends[0])) if self.pieces else 0
            first = int(ends[0]) + shift
            placed = {tag: (step + shift, value) for tag, (step, value) in points.items()}
            self.next_update = int(ends[-1]) + shift + 1
        else:
            placed = {tag: in_updates(step, value, ends=ends, first=first) for tag, (step, value) in points.items()}
            if all(column.name != "timesteps" for column in self.framework.names_of(points).values()):
                placed["timesteps"] = (first + np.arange(len(ends)), ends.astype(np.float64))
            self.next_update += len(ends)
        if self.pieces:
            self.sessions.append(first)
            self.notes.append(f"{name}: a resumed run, its session starts at update {first}")
        for tag, piece in placed.items():
            self.pieces.setdefault(tag, []).append(piece)
            self.source.setdefault(tag, name)

    def curves(self) -> dict[str, Curve]:
        """Return the curves by canonical name; tags that mean nothing here keep their own."""
        names = self.framework.names_of(self.pieces)
        curves: dict[str, Curve] = {}
        doubled: list[str] = []
        for tag in [*names, *(tag for tag in self.pieces if tag not in names)]:
            own = Column(tag.encode("utf-8", "replace").decode())
            column = names.get(tag, own)
            if tag not in names and re.match(self.framework.leave_out, tag):
                continue
            if column.name in curves:
                doubled.append(own.name)
                column = own
            step = np.concatenate([piece[0] for piece in self.pieces[tag]])
            value = np.concatenate([piece[1] for piece in self.pieces[tag]])
            with np.errstate(over="ignore"):
                curves[column.name] = Curve.from_points(column.name, step, column.factor * value, self.source[tag])
        if doubled:
            self.notes.append(f"{len(doubled)} tag(s) keep their own names, as others mean the same: {doubled[0]}, ...")
        return curves

    def _on_one_axis(self, points: Mapping[str, Points]) -> Mapping[str, Points]:
        """Return the points with the steps that count something else stretched to end where the others do."""
        other = {tag for tag in points if re.match(self.framework.other_steps, tag)}
        last = max((int(step.max()) for tag, (step, _) in points.items() if tag not in other), default=0)
        last_of_other = max((int(points[tag][0].max()) for tag in other), default=0)
        if last <= 0 or last_of_other <= 0:
            return points
        stretched = {tag: (-(-points[tag][0] * last // last_of_other), points[tag][1]) for tag in other}
        return {**points, **stretched}

    def _ends_of_updates(self, name: str, points: Mapping[str, Points]) -> Ints:
        """Return the steps at which updates end, increasing. Shape [n], n >= 1."""
        wanted = (*self.framework.once_an_update, *self.framework.names_of(points))
        tag = next((tag for tag in wanted if tag in points), max(points, key=lambda tag: len(points[tag][0])))
        step = points[tag][0]
        if (np.diff(step) < 0).any():
            self.notes.append(f"{name}: the steps of {tag} go back; points of one step become their mean")
        return np.unique(step)


def in_updates(step: Ints, value: Floats, *, ends: Ints, first: int) -> Points:
    """Return the updates that have points, and the mean of the points of each; one that is not finite shows.

    Args:
        step: where the points stand, in any unit that grows with the run. Shape [n].
        value: the points. Shape [n].
        ends: where updates end, in that unit, increasing. A point belongs to the one at its place or next after it.
        first: number of the first update.
    """
    place = np.searchsorted(ends, step)
    updates, position, count = np.unique(place, return_inverse=True, return_counts=True)
    with np.errstate(invalid="ignore", over="ignore"):
        mean = np.bincount(position, weights=value) / count
    return first + updates, mean
