"""Raise the weight of the entropy bonus.

From below zero to zero, the default of most frameworks for continuous actions; from zero to 0.01.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

USUAL_WEIGHT = 0.01
"""Upper end of the typical range of Unity ML-Agents, Training-Configuration-File.md (03e51f4)."""


@fix(
    treats=("entropy-weight-negative",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="add the entropy bonus with a positive sign",
)
def propose(ent_coef: Setting) -> Proposal:
    if ent_coef.value < 0:
        why = f"{ent_coef.value:g} pays for certainty"
        return Proposal(edits=(Edit(name="ent_coef", value=0.0, why=why),))
    if not ent_coef.value < USUAL_WEIGHT:
        return Proposal(refused=f"the weight is {ent_coef.value:g} already")
    return Proposal(edits=(Edit(name="ent_coef", value=USUAL_WEIGHT, why="keeps the policy exploring"),))
