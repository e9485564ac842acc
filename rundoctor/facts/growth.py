"""How the loss grew, and how much of that the growth of the returns explains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.critic import NO_CRITIC
from rundoctor.facts.entropy_bonus import POLICY_LOSS
from rundoctor.facts.rewards import ReturnScale, Reward
from rundoctor.facts.session import latest
from rundoctor.model import Curve, Missing, Run

MOST_GROWTH = 30.0
"""Largest growth of the returns that is believed: HalfCheetah's go from -339 to 9800. Returns that begin near zero
would explain any loss."""


class LossGrowth(NamedTuple):
    """Last level over first level."""

    name: str
    unexplained: float
    """Growth of the loss over growth of the squared returns, where those grew."""
    curve: Curve
    onset: int | None


@fact
def loss_growth(
    run: Run,
    value_loss: Curve | Missing,
    loss: Curve | Missing,
    return_scale: ReturnScale | Missing,
    reward: Reward | Missing,
    learns_critic: bool,
) -> LossGrowth | Missing:
    if not learns_critic:
        return Missing(reason=NO_CRITIC)
    curve = value_loss if isinstance(value_loss, Curve) else loss
    if isinstance(curve, Missing) or len(curve) < 4:
        return Missing(reason="fewer than four updates with a loss", log="log the loss per update")
    curve = latest(run, curve)
    first = _first_level(curve)
    if not first > 0:
        return Missing(reason="the loss begins at zero", log="log value_loss per update")
    grown = max(0.0, signals.tail(curve.value)) / first
    growth = _returns_growth(return_scale, reward, since=int(curve.step[0]))
    squared = growth * growth
    begins = signals.onset(curve.value > 2 * first)
    return LossGrowth(
        name=curve.name,
        unexplained=grown / max(1.0, squared),
        curve=curve,
        onset=None if begins is None else int(curve.step[begins]),
    )


def _first_level(curve: Curve) -> float:
    """Size of the first level; of a total loss no less than a policy loss alone may be."""
    size = signals.head(np.abs(curve.value))
    return max(size, POLICY_LOSS) if curve.name == "loss" else size


def _returns_growth(scale: ReturnScale | Missing, reward: Reward | Missing, since: int) -> float:
    if isinstance(scale, ReturnScale) and (scale.step >= since).any():
        inside = scale.step >= since
        grown = max(signals.growth(scale.high[inside]), signals.growth(scale.low[inside]))
    else:
        grown = signals.growth(reward.latest.value) if isinstance(reward, Reward) else 1.0
    return min(MOST_GROWTH, grown)
