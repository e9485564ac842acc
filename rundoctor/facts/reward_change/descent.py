"""From which updates on the mean reward comes down from its height, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.rewards import Reward
from rundoctor.model import Missing

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

BEFORE = 5
"""Fewest different rewards until then, of which the last is the height; of fewer, luck makes one (Swimmer)."""
LATELY = 3
"""Updates after its height, beside the longest wait between two rewards, in which the reward still counts as there: a
mean over many episodes stays for some updates more."""
AT_ITS_HEIGHT = 0.1
"""Largest distance of the reward from the best so far, over its range, that counts as being there."""
OVER_NOISE = 4.0
"""Smallest fall over the noise of one point, as of ``reward-collapse``: less is luck."""


class Descent(NamedTuple):
    """The mean reward so far, at each of its points, and where it ends."""

    step: Ints
    slow: Floats
    """Without its noise."""
    height: Floats
    """The best so far."""
    different: Ints
    """Number of different rewards so far."""
    end: float
    span: float
    noise: float
    lately: int
    """Updates in which a reward counts as one of now."""

    def height_left_at(self, step: int) -> float | None:
        """The height that the reward leaves at about this update; None where it does not."""
        first, behind = np.searchsorted(self.step, (step - self.lately, step + 1))
        if first == behind or self.different[behind - 1] < BEFORE:
            return None
        height = float(self.height[behind - 1])
        near = height - float(self.slow[first:behind].max()) <= AT_ITS_HEIGHT * self.span
        return height if near and height - self.end > OVER_NOISE * self.noise else None


@fact
def descent(reward: Reward) -> Descent | Missing:
    curve = reward.latest
    if reward.is_maximum or len(curve) <= BEFORE:
        return Missing(reason="too few points of mean reward", log="log the mean episode reward per update")
    slow = signals.smooth(curve.value)
    return Descent(
        step=curve.step,
        slow=slow,
        height=np.maximum.accumulate(slow),
        different=1 + np.cumsum(np.diff(curve.value, prepend=curve.value[0]) != 0),
        end=signals.tail(curve.value),
        span=float(np.ptp(slow)),
        noise=signals.noise(curve.value),
        lately=LATELY + int(np.diff(curve.step).max()),
    )
