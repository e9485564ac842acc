"""Store the probabilities of the policy that chose the actions.

With the network in the mode, the masks and the sampling settings of the rollout, and of the actions as they were
sampled, not as they were clipped.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    treats=("kl-estimate-negative",),
    offered_for=("dropout-in-policy",),
    safety=Safety.BY_HAND,
    order=1,
    by_hand="recompute the old log-probabilities in the trainer before the first epoch; at a rate of 0 ratios are 1",
)
def propose() -> Proposal:
    return Proposal()
