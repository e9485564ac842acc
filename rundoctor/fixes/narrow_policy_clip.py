"""Bring the policy clip range back to a trust region.

A range bounds the KL of an update near range^2 / 2; it is brought to where that is 0.02 nat.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

BOUND = 0.02
"""KL that the range of Stable-Baselines3, CleanRL, rsl_rl, skrl and Tianshou allows: 0.2^2 / 2 nat."""


@fix(
    treats=("policy-clip-too-wide",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the ratio to 1 +- 0.2",
)
def propose(clip_range: Setting, policy_motion: PolicyMotion | Missing) -> Proposal:
    width, target = clip_range.value, rounded((2 * BOUND) ** 0.5)
    if not width > target:
        return Proposal(refused=f"the range is {width:g} already")
    why = f"a range of {width:g} allows a KL of about {width**2 / 2:.2g} nat, {target:g} allows {BOUND:g}"
    if isinstance(policy_motion, PolicyMotion):
        level = policy_motion.level
        why += f"; KL of an update was {level:.3g}, {level / BOUND:.2g} times that"
    return Proposal(edits=(Edit(name="clip_range", value=target, why=why),))
