"""Evaluate with the statistics that the policy was trained with.

Save the running mean and deviation of the observations with the policy, load them for the evaluation, and let neither
the evaluation's own observations nor its rewards change them.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    treats=("evaluation-disagrees",),
    safety=Safety.BY_HAND,
    order=1,
    by_hand="give the evaluation the training's observation statistics, frozen, and rewards that are not normalised",
)
def propose() -> Proposal:
    return Proposal()
