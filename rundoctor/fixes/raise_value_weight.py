"""Raise the weight of the value loss so that the critic is trained.

To where weight x error is the size of the policy's gradient, between 0.1 and 0.5.
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
    treats=("value-weight-too-low",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="add the value loss to the total with a weight of 0.5, and give the critic a learning rate",
)
def propose(vf_coef: Setting, critic_error: CriticError | Missing) -> Proposal:
    target, why = DEFAULT_WEIGHT, f"a weight of {vf_coef.value:g} trains no critic"
    if isinstance(critic_error, CriticError) and critic_error.last().high > 0:
        error = critic_error.last().high
        target = max(LOWEST, min(DEFAULT_WEIGHT, rounded(1 / error)))
        why = f"the critic errs by {error:.3g}; weight x error {vf_coef.value * error:.2g} -> {target * error:.2g}"
    if not vf_coef.value < target:
        return Proposal(refused=f"the weight is {vf_coef.value:g} already")
    return Proposal(edits=(Edit(name="vf_coef", value=target, why=why),))
