"""What a trainer leaves in memory: metrics by update, rewards by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corpus.world import Array

LATE = 0.8
"""Share of the training after which episodes count for the score."""


class Episode(NamedTuple):
    """One episode that ended."""

    update: int
    parts: Array
    """As the trainer pays them. [L, K]."""
    true: float
    """Return in the task's own unit."""


@dataclass
class Record:
    """One run; rows of steps [N, ...], one for each step of each update."""

    components: tuple[str, ...]
    metrics: list[dict[str, float]] = field(default_factory=list)
    """One mapping an update, by the names of loss_metrics.json."""
    weights: list[Array] = field(default_factory=list)
    """Learned weights of the components by update. [K]."""
    update: list[int] = field(default_factory=list)
    logged: list[Array] = field(default_factory=list)
    true: list[Array] = field(default_factory=list)
    done: list[Array] = field(default_factory=list)
    died: str = ""
    """Why the training stopped early."""

    def step(self, update: int, logged: Array, true: Array, done: Array) -> None:
        """logged [N, K], true [N], done bool [N]."""
        for column, value in zip(
            (self.update, self.logged, self.true, self.done), (update, logged, true, done), strict=True
        ):
            column.append(value)

    def episodes(self) -> list[Episode]:
        """Those that ended, in the order of their ends."""
        if not self.done:
            return []
        return [one for _, one in sorted(self._ends(), key=lambda pair: pair[0])]

    def _ends(self) -> Iterator[tuple[int, Episode]]:
        logged, true, done = np.array(self.logged), np.array(self.true), np.array(self.done)
        for n in range(done.shape[1]):
            start = 0
            for end in (np.flatnonzero(done[:, n]) + 1).tolist():
                rewards = logged[start:end, n]
                yield end, Episode(self.update[end - 1], rewards, float(true[start:end, n].sum()))
                start = end

    def curve(self, updates: int) -> list[float | None]:
        """Mean true return of the episodes that ended in each update."""
        by_update: list[list[float]] = [[] for _ in range(updates)]
        for one in self.episodes():
            by_update[one.update].append(one.true)
        return [float(np.mean(returns)) if returns else None for returns in by_update]
