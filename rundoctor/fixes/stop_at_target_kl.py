"""Stop an update once its KL reaches a target.

At one and a half times what the clip range allows, range^2 / 2, and inside the usual targets. It bounds the step
whatever caused it, at the price of fewer epochs than the config says.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix, rounded
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

LEAST, MOST = HYPERPARAMETERS["target_kl"].usual or (0.005, 0.05)
SLACK = 1.5
"""Target over the KL that the clip range allows: the stop is for updates that the clip does not hold."""
USUAL_RANGE = 0.2
"""Clip range where the config does not say."""


@fix(
    offered_for=(
        "learning-rate-too-high",
        "too-many-epochs",
        "policy-clip-too-wide",
        "minibatch-too-small",
        "update-too-long",
    ),
    goes_with=("lower-learning-rate", "reduce-epochs", "narrow-policy-clip"),
    safety=Safety.SAME_OBJECTIVE,
    order=11,
    by_hand="leave the epoch loop once the approximate KL passes the target",
)
def propose(
    target_kl: Setting | Missing, clip_range: Setting | Missing, policy_motion: PolicyMotion | Missing
) -> Proposal:
    width = min(clip_range.value, 2 * USUAL_RANGE) if isinstance(clip_range, Setting) else USUAL_RANGE
    target = max(LEAST, min(MOST, rounded(SLACK * width**2 / 2)))
    if isinstance(target_kl, Setting) and target_kl.value and target_kl.value <= target:
        return Proposal(refused=f"target_kl is {target_kl.value:g} already ({target_kl.where})")
    why = f"{SLACK:g} times the KL that a clip range of {width:g} allows"
    if isinstance(policy_motion, PolicyMotion):
        level = policy_motion.level
        why += f"; KL of an update was {level:.3g}, {rounded(level / target):,g} times that target"
    return Proposal(edits=(Edit(name="target_kl", value=target, why=why),))
