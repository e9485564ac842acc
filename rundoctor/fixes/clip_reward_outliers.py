"""Clip rewards far beyond their usual size.

At ten times the usual reward of a step. The outlier's cause is in the environment; the clip only keeps it from the
critic.
"""

from __future__ import annotations

import numpy as np

from rundoctor import signals
from rundoctor.fixes import fix, rounded
from rundoctor.model import Curve, Edit, Missing, Proposal, Safety, Setting

ROOM = 10.0
"""Bound over the median reward of a step."""


@fix(
    treats=("reward-outlier",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="find the term that explodes; until then clip each reward at ten times its usual size",
)
def propose(step_reward: Curve, reward_clip: Setting | Missing) -> Proposal:
    usual = signals.median(np.abs(step_reward.value))
    bound = rounded(ROOM * usual)
    if not bound > 0:
        return Proposal(refused="the usual reward of a step is zero")
    if isinstance(reward_clip, Setting) and reward_clip.value and 0 < reward_clip.value <= bound:
        return Proposal(refused=f"the bound is {reward_clip.value:g} already")
    largest = float(np.abs(step_reward.value).max())
    why = f"a step usually pays {usual:.3g}, up to {largest:.3g} in one update; {bound:g} is ten times the usual"
    return Proposal(edits=(Edit(name="reward_clip", value=bound, why=why),))
