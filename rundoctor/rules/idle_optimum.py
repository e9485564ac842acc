"""The agent has learned to do nothing.

What
    Every episode lasts its full length, all that is ever paid is a cost, and that cost has gone to nothing.

Why
    Where acting costs and the goal was never met, standing still is the best policy there is to find. The reward rises
    all the way to zero, and the losses look as they do in health.

Evidence
    Last cost over the first, at a length of episodes that never changes.

Stays silent
    Costs that keep a part of their size, as those of every task in which perfect is not free. It is a hazard alone: a
    task that can be done at no cost looks the same.

References
    RobertTLange/gymnax-blines#5: MountainCarContinuous, where the agent learns not to act, a reward close to 0.
    ghliu/pytorch-ddpg#5: the same task converges to 0, although reaching the goal pays 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.facts.rewards import Progress, Reward
from rundoctor.model import Curve, Evidence, Finding, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    left: float = 0.02
    """Largest share of the first cost; Pendulum keeps 0.1 of it at its best, Reacher 0.08."""


@rule(severity=Severity.WARNING)
def check(
    mean_progress: Progress, reward: Reward, episode_steps: Curve, limits: Limits = Limits()
) -> Iterator[Finding]:
    first, last = mean_progress.start, mean_progress.last
    fixed = float(np.ptp(episode_steps.value)) == 0
    if not fixed or not first < 0 or not float(reward.latest.value.max()) <= 0 or not -last < -limits.left * first:
        return
    claim = f"last cost over the first, in episodes that all last {episode_steps.value[0]:g} steps"
    proof = Evidence(claim=claim, observed=last / first, relation="<", limit=limits.left, where=mean_progress.where)
    yield Finding(
        message=f"reward rises from {first:.4g} to {last:.3g} and never above zero: doing nothing is free",
        evidence=(proof,),
    )
