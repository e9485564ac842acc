"""What a training run came to, in the true unit of the task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LATE = 0.8
"""Share of the training after which episodes count for the score."""


@dataclass(frozen=True)
class Outcome:
    """Mean episode returns of a run."""

    score: float
    """Of the episodes that ended in the last fifth of the training."""
    untrained: float
    """Of the first episode of each environment."""


def outcome_of(environments: Iterable[Iterable[tuple[float, float]]]) -> Outcome:
    """From each environment's episodes: the time of the end, as a share of the training, and the return."""
    known = [list(episodes) for episodes in environments]
    return Outcome(
        score=_mean([gained for episodes in known for end, gained in episodes if end > LATE]),
        untrained=_mean([episodes[0][1] for episodes in known if episodes]),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
