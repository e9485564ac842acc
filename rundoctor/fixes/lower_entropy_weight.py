"""Lower the weight of the entropy bonus.

To 0.01, the weight of the papers: a bonus of that size breaks ties and does not outweigh standardised advantages.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

DEFAULT_WEIGHT = 0.01
"""Mnih et al. 2016, arXiv:1602.01783, and Schulman et al. 2017, arXiv:1707.06347, table 5."""


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
