"""Lower the weight of the entropy bonus.

To 0.01, the upper end of the usual weights: a bonus of that size breaks ties and does not outweigh standardised
advantages.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

DEFAULT_WEIGHT = 0.01
"""Upper end of the typical range of Unity ML-Agents, Training-Configuration-File.md (03e51f4)."""


@fix(
    treats=("entropy-weight-too-high",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="multiply the entropy bonus by a smaller weight",
)
def propose(ent_coef_in_force: Setting) -> Proposal:
    if not ent_coef_in_force.value > DEFAULT_WEIGHT:
        return Proposal(refused=f"the weight is {ent_coef_in_force.value:g} already")
    why = f"the bonus outweighed the advantages {ent_coef_in_force.value / DEFAULT_WEIGHT:g} times more than usual"
    return Proposal(edits=(Edit(name="ent_coef", value=DEFAULT_WEIGHT, why=why),))
