"""What the arms scored in one world, and what else it showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

BEYOND = 2.0
"""Scores are kept within this many times the reference's improvement: one seed that falls off a cliff is one seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the arms scored on one task."""

    task: str
    by_arm: Mapping[str, np.ndarray]
    """Mean return at the end, one a seed. [seeds]."""
    control: Mapping[str, np.ndarray]
    """The control's at the update until which the arm was trained. [seeds]."""
    untrained: float
    reference: float
    """The reference's mean."""
    at: Mapping[str, int]
    """Updates that the arm was trained for."""

    def shares(self, scores: np.ndarray) -> np.ndarray:
        """0 is untrained, 1 the reference."""
        shares = (scores - self.untrained) / (self.reference - self.untrained)
        within: np.ndarray = np.clip(np.nan_to_num(shares, nan=-BEYOND), -BEYOND, 1 + BEYOND)
        return within


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one world showed."""

    label: str
    reproduced: bool
    """Whether the control showed the target."""
    why: str
    scores: Scores | None = None
    """None where the world does not count."""
    traits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By arm: means over its last updates."""
