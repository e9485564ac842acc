"""Begin with less action noise, and keep it from growing.

The deviation that a policy begins with is an argument of its network in most trainers, so this is done by hand.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    treats=("action-noise-too-large",),
    safety=Safety.BY_HAND,
    order=2,
    by_hand="begin with a standard deviation of 1 (log_std_init 0) or less, bound it, or squash the actions",
)
def propose() -> Proposal:
    return Proposal()
