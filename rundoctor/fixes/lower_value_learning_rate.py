"""Give the critic a lower learning rate of its own.

It shields a shared trunk a little and slows a critic that lags already. It stands here to be tested beside the others,
and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    safety=Safety.BY_HAND,
    order=31,
    by_hand="put the value head into a parameter group of its own with a third of the learning rate",
)
def propose() -> Proposal:
    return Proposal(refused="the critic lags, and a lower rate makes it lag more")
