"""A share of runs and its interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from scipy.stats import beta


class Rate(NamedTuple):
    """So many of so many."""

    hits: int
    runs: int

    @property
    def share(self) -> float:
        """NaN without runs."""
        return self.hits / self.runs if self.runs else float("nan")

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Clopper-Pearson (Biometrika 26, 1934): every share that the count does not reject."""
        tail = (1 - level) / 2
        low = float(beta.ppf(tail, self.hits, self.runs - self.hits + 1)) if self.hits else 0.0
        high = float(beta.ppf(1 - tail, self.hits + 1, self.runs - self.hits)) if self.hits < self.runs else 1.0
        return low, high

    def __str__(self) -> str:
        if not self.runs:
            return "-"
        low, high = self.interval()
        return f"{self.hits} of {self.runs} = {self.share:.0%} ({100 * low:.0f} to {100 * high:.0f})"


def rate(found: Iterable[bool]) -> Rate:
    """Of a list of yes and no."""
    listed = list(found)
    return Rate(sum(listed), len(listed))
