"""What the means and deviations of returns and values say exactly: the critic's bias, its error, its targets' size.

``return_mean`` and ``return_std`` are those of the critic's targets over a rollout, ``value_mean`` of what the critic
said before it was trained on them, all in the critic's unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.model import Curve, Missing

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

LOG_MOMENTS = "log return_mean, return_std and value_mean per update"
DOMINANT = 0.5
"""Share of the returns' size from which their mean says where the critic ought to be."""


class Moments(NamedTuple):
    """By update, in the critic's unit. Shape [n] each."""

    step: Ints
    mean: Floats
    """Mean of the returns."""
    std: Floats
    """Their standard deviation."""
    value: Floats
    """Mean of the values."""
    where: str

    @property
    def size(self) -> Floats:
        """Root mean square of the returns."""
        return np.hypot(self.mean, self.std)

    @property
    def bias(self) -> Floats:
        """How far the mean value is from the mean return."""
        return np.abs(self.value - self.mean)


@fact
def moments(
    return_mean: Curve | Missing, return_std: Curve | Missing, value_mean: Curve | Missing
) -> Moments | Missing:
    curves = [curve for curve in (return_mean, return_std, value_mean) if isinstance(curve, Curve)]
    if len(curves) < 3:
        return Missing(reason="the means of returns and values are not logged", log=LOG_MOMENTS)
    step = curves[0].step
    for curve in curves[1:]:
        step = np.intersect1d(step, curve.step)
    if not len(step):
        return Missing(reason="returns and values are never logged at the same update", log=LOG_MOMENTS)
    mean, std, value = (curve.value[np.isin(curve.step, step)] for curve in curves)
    return Moments(step, mean, std, value, curves[0].source)


class CriticBias(NamedTuple):
    """How far the critic is off on average, which no noise in the returns can explain."""

    share: float
    """Over the size of the returns, at the end of the run; at most about 1 for a critic that says zero."""
    kept: float
    """Last over first share: a critic that is on its way loses it, however much the returns grow."""
    where: str


@fact
def critic_bias(moments: Moments) -> CriticBias | Missing:
    size = moments.size
    if not signals.tail(np.abs(moments.mean)) > DOMINANT * signals.tail(size):
        return Missing(reason="the returns lie around zero, where a critic of zero has no bias")
    share = np.divide(moments.bias, size, out=np.zeros_like(size), where=size > 0)
    first, last = signals.head(share), signals.tail(share)
    return CriticBias(last, last / first if first > 0 else 1.0, moments.where)
