"""Robust levels, spread, trend and onset of short series. Pure numpy: no limits, no I/O.

Logs of 8 to 20 rows are normal, so a level is a median over a fifth of the run (two rows at least) and never a
single point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rundoctor.model import Floats

WINDOW_FRACTION = 5
"""A level is taken over 1/5 of the run."""


def window(count: int) -> int:
    """Number of points in the first or the last level of a series of ``count``."""
    return max(1, min(count, max(2, count // WINDOW_FRACTION)))


def quantile(values: Floats, share: float) -> float:
    """Linear quantile of finite values. Shape [n], n >= 1. ``np.quantile`` costs 7 ms of start-up for masked arrays."""
    ordered = np.sort(values)
    return float(np.interp(share * (len(ordered) - 1), np.arange(len(ordered)), ordered))


def median(values: Floats) -> float:
    """Median of finite values. Shape [n], n >= 1."""
    return quantile(values, 0.5)


def head(values: Floats) -> float:
    """Median of the first fifth. Shape [n], n >= 1."""
    return median(values[: window(len(values))])


def tail(values: Floats) -> float:
    """Median of the last fifth. Shape [n], n >= 1."""
    return median(values[-window(len(values)) :])


def smooth(values: Floats) -> Floats:
    """Running median over a fifth of the run, at most nine points. Shape [n] -> [n]."""
    half = min(window(len(values)), 9) // 2
    if half == 0:
        return np.array(values)
    padded = np.pad(values, half, mode="edge")
    result: Floats = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)[:, half]
    return result


def noise(values: Floats) -> float:
    """Robust standard deviation around the slow part, from second differences. Shape [n]; 0 below three points.

    A straight trend has second difference zero; white noise of standard deviation s has one of sqrt(6) s.
    """
    if len(values) < 3:
        return 0.0
    return 1.4826 * median(np.abs(np.diff(values, n=2))) / 6**0.5


def trend(values: Floats) -> float:
    """Spearman rank correlation of the values with time, in [-1, 1]; 0 for constant or short series."""
    if len(values) < 3 or np.ptp(values) == 0:
        return 0.0
    return float(np.corrcoef(ranks(values), np.arange(len(values)))[0, 1])


def ranks(values: Floats) -> Floats:
    """Ranks with ties shared. Shape [n] -> [n]."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    mean_rank: Floats = (ends - (counts - 1) / 2.0)[inverse]
    return mean_rank


def growth(values: Floats) -> float:
    """Last level over first level in magnitude; 1 when either is zero."""
    first, last = abs(head(values)), abs(tail(values))
    return last / first if first > 0 and last > 0 else 1.0


def onset(beyond: np.ndarray) -> int | None:
    """Index from which a condition holds to the end, at most one point in five excepted; None if it never does.

    Args:
        beyond: booleans [n], the condition at each point.
    """
    if not len(beyond) or not beyond[-window(len(beyond)) :].any():
        return None
    held = np.cumsum(beyond[::-1])[::-1] / np.arange(len(beyond), 0, -1)
    starts = np.flatnonzero(beyond & (held >= 1 - 1 / WINDOW_FRACTION))
    return int(starts[0]) if len(starts) else None


def step_change(values: Floats) -> tuple[int, float]:
    """The split with the largest jump between levels, in units of the spread inside the two segments.

    Args:
        values: floats [n], n >= 4.

    Returns:
        index of the first point after the jump, and |difference of means| / pooled standard deviation (infinite when
        both segments are constant and differ, 0 when there is no jump).
    """
    count = len(values)
    sizes = np.arange(2, count - 1)
    if not len(sizes):
        return 0, 0.0
    centred = values - values.mean()
    sums, squares = np.cumsum(centred), np.cumsum(centred**2)
    left, right = sums[sizes - 1] / sizes, (sums[-1] - sums[sizes - 1]) / (count - sizes)
    within = np.maximum(squares[-1] - sizes * left**2 - (count - sizes) * right**2, 0.0) / count
    jumps = np.abs(right - left)
    best = int(np.argmin(within))
    if jumps[best] == 0:
        return int(sizes[best]), 0.0
    floor = np.finfo(float).eps * max(float(squares[-1]) / count, 1e-300)
    return int(sizes[best]), float(jumps[best] / np.sqrt(max(within[best], floor)))
