"""Points between updates to one value an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints


def in_updates(step: Ints, value: Floats, *, ends: Ints, first: int) -> tuple[Ints, Floats]:
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
