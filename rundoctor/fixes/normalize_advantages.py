"""Standardise the advantages of each batch."""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("advantages-not-normalized",),
    offered_for=("component-weights-equalized",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="subtract the mean of the batch's advantages and divide by their standard deviation, once combined",
)
def propose(normalize_advantage: Setting | Missing) -> Proposal:
    if isinstance(normalize_advantage, Setting) and normalize_advantage.value:
        return Proposal(refused=f"{normalize_advantage.path} is on already ({normalize_advantage.where})")
    why = "the policy loss has the size of the returns"
    return Proposal(edits=(Edit(name="normalize_advantage", value=True, why=why),))
