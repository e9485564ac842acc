"""Whether the policy turned round: its entropy fell as it learned, and from some update on rises again."""

from __future__ import annotations

import numpy as np

from rundoctor.facts.reward_change.change import Sign, stretch
from rundoctor.model import Curve, Missing

EARLIER, LATER = 5, 4
"""Fewest updates over which the entropy has fallen before the turn, and has risen after it."""


def unlearned(entropy: Curve | Missing, step: int) -> Sign | None:
    """How much of the entropy comes back after an update; None where none does, or where nobody knows."""
    if isinstance(entropy, Missing):
        return None
    place = int(np.searchsorted(entropy.step, step))
    earlier, later = stretch(EARLIER, len(entropy)), stretch(LATER, len(entropy))
    if place < earlier or place + later >= len(entropy):
        return None
    before, at, after = entropy.value[[place - earlier, place, place + later]]
    turned = float(min(before, after) - at)
    if turned <= 0:
        return None
    claim = "entropy that is lost before this update and regained after it, over its range"
    return Sign("turned", claim, turned / float(np.ptp(entropy.value)))
