"""Widen the policy clip range to a trust region that a policy can move in.

The KL of an update grows with the square of the range, so the range is scaled by the root of the KL of a usual update
over the one measured, and goes no higher than the common 0.2.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

USUAL_KL = 0.01
"""desired_kl of rsl-rl-lib 5.5.1."""
COMMON = 0.2
"""Default of Stable-Baselines3, CleanRL, rsl_rl, skrl and Tianshou."""
LOWEST = 0.1
"""Lower end of the typical range of Unity ML-Agents, Training-Configuration-File.md (03e51f4)."""


@fix(
    treats=("policy-clip-too-narrow",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the ratio to 1 +- 0.2",
)
def propose(clip_range: Setting, policy_motion: PolicyMotion | Missing) -> Proposal:
    width = clip_range.value
    target = COMMON
    why = f"a range of {width:g} allows a KL of about {width**2 / 2:.2g} nat, {COMMON:g} allows {COMMON**2 / 2:.2g}"
    if isinstance(policy_motion, PolicyMotion) and policy_motion.median > 0:
        times = USUAL_KL / policy_motion.median
        scaled = width * times**0.5
        target = max(LOWEST, min(COMMON, rounded(scaled)))
        why = f"KL of an update was {policy_motion.median:.2g} nat, {times:,.0f} times less than "
        why += f"the usual {USUAL_KL:g}; x sqrt of that is {scaled:.2g}"
    if not 0 < width < target:
        return Proposal(refused=f"the range is {width:g} already")
    return Proposal(edits=(Edit(name="clip_range", value=target, why=why),))
