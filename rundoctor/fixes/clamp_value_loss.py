"""Put a ceiling on the value loss.

It lowers the number by cutting the gradient to exactly zero above the ceiling. It stands here because it is proposed so
often, and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

USUAL_SHARE = 0.1
"""Error at which it is usually proposed over the returns' size: a loss of 10,000 at returns of 1,000."""


@fix(
    tested_for=("returns-not-normalized", "value-clip-too-tight"),
    safety=Safety.NEW_OBJECTIVE,
    order=90,
    by_hand="do not: above the ceiling the value loss has no gradient",
)
def propose(return_scale: ReturnScale | Missing, value_loss_clamp: Setting | Missing) -> Proposal:
    harm = "a clamped value loss has no gradient above the clamp: the number falls, the critic stops"
    clamped = isinstance(value_loss_clamp, Setting) and bool(value_loss_clamp.value)
    if clamped or isinstance(return_scale, Missing) or not return_scale.last().high > 0:
        return Proposal(refused=harm)
    error = USUAL_SHARE * return_scale.last().high
    edit = Edit(name="value_loss_clamp", value=rounded(error**2), why=f"cuts off errors above {error:.3g}")
    return Proposal(edits=(edit,), refused=harm)
