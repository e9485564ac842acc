"""Raise the target of an adaptive KL penalty to what an update moves.

The coefficient is left alone while the KL is within twice the target; so the target goes to the KL of the run's
updates, inside the usual targets.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.fixes import fix, rounded
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Proposal, Safety, Setting

_, MOST = HYPERPARAMETERS["kl_target"].usual or (0.003, 0.05)


@fix(
    treats=("kl-penalty-runaway",),
    offered_for=("learning-rate-pinned",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="raise the KL target, or bound the coefficient",
)
def propose(kl_target: Setting, policy_motion: PolicyMotion) -> Proposal:
    target = min(MOST, rounded(policy_motion.level))
    if not kl_target.value < target:
        return Proposal(refused=f"the target is {kl_target.value:g} already")
    times = policy_motion.level / kl_target.value if kl_target.value > 0 else float("inf")
    why = f"KL of an update was {policy_motion.level:.3g} nat, {times:.3g} x the target {kl_target.value:g}"
    return Proposal(edits=(Edit(name="kl_target", value=target, why=why),))
