"""One update's reward is out of all proportion, and the loss with it.

What
    In the update with the largest loss, a thousand times that of the updates before it and more, the reward is far
    beyond their size, too.

Why
    The value loss squares its error, so a single reward of a thousand times the usual size is the loss of the whole
    batch, a million times over: the critic is torn there, and all other targets with it. It comes from the environment
    (a ray that hits nothing, a body that explodes, a division by nearly zero), not from the optimiser.

Evidence
    Largest loss, and size of the reward in that update, over their medians in the updates just before.

Stays silent
    Spikes of the loss at usual rewards; rewards that grow as the policy learns, whose losses stay large; runs that
    begin with a large cost and learn to avoid it.

References
    isaac-sim/IsaacLab#1928: a height term of the reward that becomes -inf after about 80 iterations.
    isaac-sim/IsaacLab#1931: NaN, inf and singular values of a sensor, which end the training.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import Reward
from rundoctor.model import Curve, Evidence, Finding, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    spike: float = 1000.0
    """Smallest loss over its median before; 100 is passed by 7 of 66 healthy public runs (docs/limits.md)."""
    reward: float = 10.0
    """Smallest size of the reward in that update over its median size before."""
    points: int = 8
    """Fewest updates with a median that one of them does not make."""


BEFORE = 4
"""Updates before an outlier that say what is usual."""


@rule(severity=Severity.WARNING, explains=("reward-collapse", "loss-explosion", "critic-stalled", "reward-unstable"))
def check(
    reward: Reward, value_loss: Curve | Missing, loss: Curve | Missing, limits: Limits = Limits()
) -> Iterator[Finding | Missing]:
    curve = value_loss if isinstance(value_loss, Curve) else loss
    if isinstance(curve, Missing):
        yield curve
        return
    common, left, right = np.intersect1d(curve.step, reward.curve.step, return_indices=True)
    if len(common) < limits.points:
        yield Missing(reason="loss and reward have too few updates in common", log="log both per update")
        return
    size, paid = np.abs(curve.value[left]), np.abs(reward.curve.value[right])
    at = int(np.argmax(size))
    before = slice(max(0, at - 1 - BEFORE), max(0, at - 1))
    if at < BEFORE:
        return
    usual, usually = signals.median(size[before]), signals.median(paid[before])
    near = float(paid[at - 1 : at + 2].max())
    if not size[at] > limits.spike * usual > 0 or not near > limits.reward * usually > 0:
        return
    where = f"{curve.source}, update {int(common[at])}"
    claims = f"largest {curve.name} over its median before", "size of the reward in that update over its median before"
    yield Finding(
        message=f"at update {int(common[at])} a reward of size {near:.3g} instead of {usually:.3g} blows up the loss",
        evidence=(
            Evidence(claim=claims[0], observed=size[at] / usual, relation=">", limit=limits.spike, where=where),
            Evidence(claim=claims[1], observed=near / usually, relation=">", limit=limits.reward, where=where),
        ),
        onset=int(common[at]),
        binding=True,
    )
