"""Widen the policy clip range to a trust region that a policy can move in.

While ratios stay within 1 +- range, the KL of an update, about E[(ratio - 1)^2] / 2, is at most half its square. What a
narrow range lets pass says little of a wide one: the last step of each update overshoots it, so a measured KL is no
guide to the value.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

COMMON = 0.2
"""Default of Stable-Baselines3, CleanRL, rsl_rl, skrl and Tianshou."""


@fix(
    treats=("policy-clip-too-narrow",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the ratio to 1 +- 0.2",
)
def propose(clip_range: Setting, policy_motion: PolicyMotion | Missing) -> Proposal:
    width = clip_range.value
    if not 0 < width < COMMON:
        return Proposal(refused=f"the range is {width:g} already")
    why = f"a range of {width:g} allows a KL of about {width**2 / 2:.2g} nat, {COMMON:g} allows {COMMON**2 / 2:.2g}"
    if isinstance(policy_motion, PolicyMotion):
        why += f"; that of the median update was {policy_motion.median:.2g}"
    return Proposal(edits=(Edit(name="clip_range", value=COMMON, why=why),))
