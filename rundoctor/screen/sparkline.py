"""A curve as one line of block characters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rundoctor.model import Curve

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII = "_.-=+*#@"
GAP = " "
BROKEN = "!"
WIDE_RANGE = 100
"""A positive curve whose largest value is this many times its median is drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Axis:
    """Updates to columns, the same for every curve drawn above one another."""

    first: int
    last: int
    width: int

    @classmethod
    def over(cls, curves: list[Curve], width: int) -> Axis:
        """Span the updates of all curves with at most ``width`` columns."""
        steps = np.concatenate([part for curve in curves for part in (curve.step, curve.broken)])
        first, last = int(steps.min()), int(steps.max())
        return cls(first, last, max(1, min(width, last - first + 1)))

    def column(self, step: int) -> int:
        """Return the column of an update, kept within the line."""
        place = (step - self.first) * self.width // (self.last - self.first + 1)
        return max(0, min(self.width - 1, place))


def draw(curve: Curve, axis: Axis, characters: str = BLOCKS) -> str:
    """Return the curve as ``axis.width`` characters; ``!`` where the log says NaN or infinity."""
    columns: list[list[float]] = [[] for _ in range(axis.width)]
    for step, value in zip(curve.step.tolist(), _scaled(curve).tolist(), strict=True):
        columns[axis.column(step)].append(value)
    line = [characters[round(sum(part) / len(part) * (len(characters) - 1))] if part else GAP for part in columns]
    for step in curve.broken.tolist():
        line[axis.column(step)] = BROKEN
    return "".join(line)


def is_wide(curve: Curve) -> bool:
    """Whether a linear axis would show one peak and a flat line."""
    value = curve.value
    return len(value) > 0 and bool(value.min() > 0) and bool(value.max() > WIDE_RANGE * np.sort(value)[len(value) // 2])


def _scaled(curve: Curve) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the values between 0 and 1; a constant lies in the middle."""
    with np.errstate(over="ignore", invalid="ignore"):
        value = np.log(curve.value) if is_wide(curve) else curve.value / 2
        low, high = (value.min(), value.max()) if len(value) else (0.0, 0.0)
        return (value - low) / (high - low) if high > low else np.full(len(value), 0.5)
