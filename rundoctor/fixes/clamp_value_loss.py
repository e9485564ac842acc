"""Put a ceiling on the value loss.

It lowers the number by cutting the gradient to exactly zero above the ceiling. It stands here because it is proposed so
often, and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    safety=Safety.NEW_OBJECTIVE,
    order=90,
    by_hand="do not: above the ceiling the value loss has no gradient",
)
def propose() -> Proposal:
    return Proposal(refused="a clamped value loss has no gradient above the clamp: the number falls, the critic stops")
