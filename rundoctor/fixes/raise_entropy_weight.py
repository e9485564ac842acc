"""Raise the weight of the entropy bonus.

From below zero to zero, the default of most frameworks for continuous actions; from zero to where weight x entropy is
0.01 in the loss, a twentieth of the largest policy loss with standardised advantages.
"""

from __future__ import annotations

from rundoctor.facts.entropy_bonus import ModestBonus
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Proposal, Safety, Setting


@fix(
    treats=("entropy-weight-negative",),
    offered_for=("reward-never-found", "idle-optimum"),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="add the entropy bonus with a positive sign",
)
def propose(ent_coef: Setting, modest_bonus: ModestBonus) -> Proposal:
    if ent_coef.value < 0:
        why = f"{ent_coef.value:g} pays for certainty"
        return Proposal(edits=(Edit(name="ent_coef", value=0.0, why=why),))
    if not ent_coef.value < modest_bonus.weight:
        return Proposal(refused=f"the weight is {ent_coef.value:g} already")
    why = f"{ent_coef.value:g} is below {modest_bonus.weight:.2g}, {modest_bonus.basis}"
    return Proposal(edits=(Edit(name="ent_coef", value=rounded(modest_bonus.weight), why=why),))
