"""Widen the reward clip beyond ordinary rewards.

To ten times the mean reward of a step, in the unit in which the clip is applied.
"""

from __future__ import annotations

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix, rounded
from rundoctor.model import Curve, Edit, Missing, Proposal, Safety, Setting

ROOM = 10.0
"""Bound over the mean reward: it is there for outliers."""


@fix(
    treats=("reward-clip-saturates",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="clip rewards at a bound that ordinary ones do not reach",
)
def propose(
    reward_clip: Setting,
    step_reward: Curve,
    return_scale: ReturnScale,
    normalize_returns: Setting | Missing,
    normalize_rewards: Setting | Missing,
) -> Proposal:
    flags = (normalize_returns, normalize_rewards)
    scaled = any(isinstance(flag, Setting) and bool(flag.value) for flag in flags)
    size = signals.tail(np.abs(step_reward.value)) / (return_scale.last().high if scaled else 1.0)
    bound = rounded(ROOM * size)
    if not reward_clip.value or not reward_clip.value < bound:
        return Proposal(refused=f"the bound is {reward_clip.value or 0:g} already")
    why = (
        f"rewards are about {size:.3g} a step{' once scaled' if scaled else ''}, {size / reward_clip.value:.3g} times "
    )
    why += f"the bound; {bound:g} leaves room for ten times that"
    return Proposal(edits=(Edit(name="reward_clip", value=bound, why=why),))
