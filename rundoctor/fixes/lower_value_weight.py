"""Lower the weight of the value loss.

To where weight x error is the size of the policy's gradient, between 0.1 and 0.5; to 0.5, or a fifth, where no error is
known. The cure where the weight itself is out of range. Against large returns it is weak: a factor of five against an
imbalance of a thousand.
"""

from __future__ import annotations

from rundoctor.facts.critic import CriticError
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

DEFAULT_WEIGHT = 0.5
"""Stable-Baselines3, CleanRL and Tianshou."""
LOWEST = 0.1
"""Lower end of the usual range."""


@fix(
    treats=("value-weight-too-high",),
    offered_for=("returns-not-normalized", "value-clip-too-tight"),
    safety=Safety.NEW_OBJECTIVE,
    order=3,
    by_hand="multiply the value loss by a smaller weight",
)
def propose(vf_coef: Setting, critic_error: CriticError | Missing) -> Proposal:
    weight = vf_coef.value
    if not weight > 0:
        return Proposal(refused=f"the weight is {weight:g} already")
    if isinstance(critic_error, CriticError) and critic_error.last().high > 0:
        error = critic_error.last().high
        target = max(LOWEST, min(DEFAULT_WEIGHT, rounded(1 / error)))
        if target < weight:
            why = f"weight x error {error:.3g} is {weight * error:.3g}, beside a policy gradient of about 1; "
            why += f"at {target:g} it is {target * error:.3g}"
            return Proposal(edits=(Edit(name="vf_coef", value=target, why=why),))
    target = DEFAULT_WEIGHT if weight > DEFAULT_WEIGHT else weight / 5
    why = f"{weight:g} weighs the critic {weight / target:g} times more than {target:g}"
    return Proposal(edits=(Edit(name="vf_coef", value=target, why=why),))
