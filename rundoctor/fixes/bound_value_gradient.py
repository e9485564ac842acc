"""Use a Huber loss for the critic.

Its gradient is bounded and never zero, so outliers cannot take the update. Under Adam it makes a lagging critic no
faster. No config that rundoctor knows has a key for it.
"""

from __future__ import annotations

from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety

USUAL_SHARE = 0.01
"""Delta over the returns' size as it is usually proposed: 10 at returns of 1,000."""


@fix(
    offered_for=("returns-not-normalized", "value-loss-clamped"),
    safety=Safety.BY_HAND,
    order=32,
    by_hand="replace the squared value error by smooth_l1_loss with beta of the size of the returns' spread",
)
def propose(return_scale: ReturnScale | Missing) -> Proposal:
    if isinstance(return_scale, Missing) or not return_scale.last().high > 0:
        return Proposal()
    delta = rounded(USUAL_SHARE * return_scale.last().high)
    why = f"errors above {delta:g}, a hundredth of returns of {return_scale.last().high:.3g}, all pull alike"
    return Proposal(edits=(Edit(name="huber_delta", value=delta, why=why),))
