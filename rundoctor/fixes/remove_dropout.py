"""Take dropout out of policy and critic."""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting


@fix(
    treats=("dropout-in-policy",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="leave dropout out of the networks, or keep them in evaluation mode throughout",
)
def propose(dropout: Setting) -> Proposal:
    if not dropout.value > 0:
        return Proposal(refused="dropout is off already")
    why = f"at {dropout.value:g} every pass drops {dropout.value:.0%} of the units, others each time"
    return Proposal(edits=(Edit(name="dropout", value=0.0, why=why),))
