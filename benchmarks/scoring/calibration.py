"""How good stated probabilities are, held against what was right. All take p float[n] in [0, 1] and right bool[n]."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Figure = Callable[[Floats, Bools], float]
BINS = 10
"""Bins of equal width in the calibration error."""


def brier(p: Floats, right: Bools) -> float:
    """Mean squared difference (Brier, Monthly Weather Review 78, 1950)."""
    return float(np.mean((p - right) ** 2))


def brier_skill(p: Floats, right: Bools) -> float:
    """Share of the base rate's Brier score that is saved; NaN where all are right or all wrong."""
    base = float(np.mean(right))
    return 1 - brier(p, right) / (base * (1 - base)) if 0 < base < 1 else float("nan")


def auroc(p: Floats, right: Bools) -> float:
    """Chance that a right answer has the higher probability of two, ties counted half; NaN without both kinds."""
    positive, negative = int(right.sum()), int((~right).sum())
    if not positive or not negative:
        return float("nan")
    return float((rankdata(p)[right].sum() - positive * (positive + 1) / 2) / (positive * negative))


def calibration_error(p: Floats, right: Bools) -> float:
    """Expected calibration error: |mean p - share right| of each bin, weighted by its answers."""
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = [abs(float(np.sum(p[bins == one] - right[bins == one]))) for one in np.unique(bins)]
    return sum(gaps) / len(p)


def bootstrap(figure: Figure, p: Floats, right: Bools, clusters: list[str], draws: int = 1000) -> tuple[float, float]:
    """95 % percentile interval of a figure; answers of one cluster (two formats of one run) are drawn together."""
    names, place = np.unique(clusters, return_inverse=True)
    members = [np.flatnonzero(place == one) for one in range(len(names))]
    random = np.random.default_rng(0)
    figures = []
    for _ in range(draws):
        drawn = np.concatenate([members[one] for one in random.integers(len(members), size=len(members))])
        figures.append(figure(p[drawn], right[drawn]))
    low, high = np.nanpercentile(figures, [2.5, 97.5])
    return float(low), float(high)
