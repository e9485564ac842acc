"""Give the critic a lower learning rate of its own.

It shields a shared trunk a little and slows a critic that lags already. It stands here to be tested beside the others,
and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

USUAL_SHARE = 1 / 3
"""Critic's rate over the policy's as it is usually proposed: 1e-4 beside 3e-4."""


@fix(
    tested_for=("returns-not-normalized", "value-clip-too-tight"),
    safety=Safety.BY_HAND,
    order=31,
    by_hand="put the value head into a parameter group of its own with a third of the learning rate",
)
def propose(learning_rate_in_force: Setting | Missing) -> Proposal:
    harm = "the critic lags, and a lower rate makes it lag more"
    if isinstance(learning_rate_in_force, Missing):
        return Proposal(refused=harm)
    rate = rounded(USUAL_SHARE * learning_rate_in_force.value)
    edit = Edit(
        name="critic_learning_rate", value=rate, why=f"a third of the policy's {learning_rate_in_force.value:g}"
    )
    return Proposal(edits=(edit,), refused=harm)
