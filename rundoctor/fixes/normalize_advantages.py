"""Standardise the advantages of each batch."""

from __future__ import annotations

import numpy as np

from rundoctor import signals
from rundoctor.fixes import fix
from rundoctor.model import Curve, Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("advantages-not-normalized",),
    offered_for=("component-weights-equalized",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="subtract the mean of the batch's advantages and divide by their standard deviation, once combined",
)
def propose(normalize_advantage: Setting | Missing, policy_loss: Curve | Missing) -> Proposal:
    if isinstance(normalize_advantage, Setting) and normalize_advantage.value:
        return Proposal(refused=f"{normalize_advantage.path} is on already ({normalize_advantage.where})")
    why = "standardised advantages keep the policy loss below 1, whatever the returns"
    if isinstance(policy_loss, Curve):
        size = signals.median(np.abs(policy_loss.value))
        why = f"the policy loss has a size of {size:.3g}; standardised advantages keep it below 1"
    return Proposal(edits=(Edit(name="normalize_advantage", value=True, why=why),))
