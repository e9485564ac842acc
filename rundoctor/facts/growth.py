"""How the loss grew, and how much of that the growth of the returns explains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.rewards import ReturnScale, Reward
from rundoctor.facts.session import latest
from rundoctor.model import Curve, Missing, Run


class LossGrowth(NamedTuple):
    """Last level over first level."""

    name: str
    loss: float
    returns_squared: float
    """Growth of the squared size of the returns, which a squared error follows by itself."""
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
) -> LossGrowth | Missing:
    curve = value_loss if isinstance(value_loss, Curve) else loss
    if isinstance(curve, Missing) or len(curve) < 4:
        return Missing(reason="fewer than four updates with a loss", log="log the loss per update")
    curve = latest(run, curve)
    grown = signals.growth(curve.value) if signals.tail(curve.value) > 0 and signals.head(curve.value) > 0 else 1.0
    growth = _returns_growth(return_scale, reward, since=int(curve.step[0]))
    squared = growth * growth
    begins = signals.onset(curve.value > 2 * max(signals.head(curve.value), np.finfo(float).tiny))
    return LossGrowth(
        name=curve.name,
        loss=grown,
        returns_squared=squared,
        unexplained=grown / max(1.0, squared),
        curve=curve,
        onset=None if begins is None else int(curve.step[begins]),
    )


def _returns_growth(scale: ReturnScale | Missing, reward: Reward | Missing, since: int) -> float:
    if isinstance(scale, ReturnScale) and (scale.step >= since).any():
        inside = scale.step >= since
        return max(signals.growth(scale.high[inside]), signals.growth(scale.low[inside]))
    return signals.growth(reward.latest.value) if isinstance(reward, Reward) else 1.0
