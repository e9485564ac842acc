"""The reward clip is below the reward of an ordinary step.

What
    The bound on a reward is smaller than the mean reward of a step, in the unit in which it is applied.

Why
    Rewards beyond the bound are all the same to the agent. When the ordinary ones lie there, what is good and what is
    very good pay alike, and only the sign of a reward is left.

Evidence
    Mean reward of a step, divided by the size of the returns where rewards are scaled by it first, over the bound.

Stays silent
    Bounds above the mean reward; no bound. Without a symptom it is a hazard: rewards that are all alike lose nothing.

References
    Stable-Baselines3 2.9.2, common/vec_env/vec_normalize.py: rewards over the deviation of the return, then clipped.
    Hafner et al. 2023, arXiv:2301.04104: returns with a deviation near zero amplify rewards whatever their size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond: float = 1.0
    """Mean reward of a step over the bound: above 1 the mean itself is cut off."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    reward_clip: Setting,
    step_reward: Curve,
    return_scale: ReturnScale,
    normalize_returns: Setting | Missing,
    normalize_rewards: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    flags = (normalize_returns, normalize_rewards)
    scaled = any(isinstance(flag, Setting) and bool(flag.value) for flag in flags)
    unit = return_scale.last().high if scaled else 1.0
    size = signals.tail(np.abs(step_reward.value))
    if not reward_clip.value or not reward_clip.value > 0 or not size > limits.beyond * reward_clip.value * unit > 0:
        return
    claim = "mean size of a step's reward over the bound" + (", both over the size of the returns" if scaled else "")
    where = f"{reward_clip.where}, {step_reward.source}"
    proof = Evidence(
        claim=claim, observed=size / unit / reward_clip.value, relation=">", limit=limits.beyond, where=where
    )
    yield Finding(
        message=f"rewards of about {size / unit:.3g} a step are cut off at {reward_clip.value:g}",
        evidence=(proof,),
        about="reward_clip",
    )
