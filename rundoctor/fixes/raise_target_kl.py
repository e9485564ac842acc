"""Raise the KL target to what the clip range allows.

A clip range bounds the KL of an update near range^2 / 2; a target there stops what the clip does not hold, and nothing
else.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix, rounded
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

LEAST, MOST = HYPERPARAMETERS["target_kl"].usual or (0.005, 0.05)
USUAL_RANGE = 0.2
"""Clip range where the config does not say."""


@fix(
    treats=("target-kl-too-low",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="leave the epoch loop later, or not at all",
)
def propose(target_kl: Setting, clip_range: Setting | Missing, policy_motion: PolicyMotion | Missing) -> Proposal:
    width = clip_range.value if isinstance(clip_range, Setting) else USUAL_RANGE
    target = max(LEAST, min(MOST, rounded(width**2 / 2)))
    if not target_kl.value or not target_kl.value < target:
        return Proposal(refused="there is no target that is too low")
    why = f"{target_kl.value:g} is {target / target_kl.value:,.0f} times below what a clip range of {width:g} allows"
    if isinstance(policy_motion, PolicyMotion):
        why += f"; KL of an update was {policy_motion.median:.2g} nat"
    return Proposal(edits=(Edit(name="target_kl", value=target, why=why),))
