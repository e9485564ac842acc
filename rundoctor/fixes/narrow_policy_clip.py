"""Bring the policy clip range back to a trust region.

A range bounds the KL of an update near range^2 / 2; it is brought to where that is 0.02 nat. A clip stops what has left
the range and not the step that takes it out, so a learning rate beyond the usual range is brought back with it.
"""

from __future__ import annotations

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.rollout import AdamReach
from rundoctor.facts.step_size import StepExcess
from rundoctor.fixes import fix, rounded
from rundoctor.fixes.lower_learning_rate import usual_rate
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

BOUND = 0.02
"""KL that the range of Stable-Baselines3, CleanRL, rsl_rl, skrl and Tianshou allows: 0.2^2 / 2 nat."""


@fix(
    treats=("policy-clip-too-wide",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the ratio to 1 +- 0.2",
)
def propose(
    clip_range: Setting,
    policy_motion: PolicyMotion | Missing,
    learning_rate: Setting | Missing,
    step_excess: StepExcess,
    adam_reach: AdamReach | Missing,
) -> Proposal:
    width, target = clip_range.value, rounded((2 * BOUND) ** 0.5)
    if not width > target:
        return Proposal(refused=f"the range is {width:g} already")
    why = f"a range of {width:g} allows a KL of about {width**2 / 2:.2g} nat, {target:g} allows {BOUND:g}"
    if isinstance(policy_motion, PolicyMotion):
        level = policy_motion.level
        why += f"; KL of an update was {level:.3g}, {rounded(level / BOUND):,g} times that"
    edits = [Edit(name="clip_range", value=target, why=why)]
    if isinstance(learning_rate, Setting) and step_excess.of("learning_rate") > 1:
        rate, why = usual_rate(learning_rate.value, adam_reach)
        edits.append(Edit(name="learning_rate", value=rate, why=why))
    return Proposal(edits=tuple(edits))
