"""Use a Huber loss for the critic.

Its gradient is bounded and never zero, so outliers cannot take the update. Under Adam it makes a lagging critic no
faster. No config that rundoctor knows has a key for it.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    offered_for=("returns-not-normalized", "value-loss-clamped"),
    safety=Safety.BY_HAND,
    order=32,
    by_hand="replace the squared value error by smooth_l1_loss with beta of the size of the returns' spread",
)
def propose() -> Proposal:
    return Proposal()
