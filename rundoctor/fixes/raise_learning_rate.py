"""Raise the learning rate so that the weights can move.

An update of a usual run moves a weight by a tenth: rate x gradient steps is brought there.
"""

from __future__ import annotations

from rundoctor.facts.rollout import USUAL_REACH, AdamReach
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

HIGHEST = 2e-3
"""Twice the usual upper end: of updates with few steps healthy runs have up to 3e-3 (benchmarks/corpus)."""


@fix(
    treats=("learning-rate-too-low",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="pass a higher learning rate to the optimiser",
)
def propose(learning_rate_in_force: Setting, not_obeyed: dict[str, str], adam_reach: AdamReach | Missing) -> Proposal:
    if "learning_rate" in not_obeyed:
        return Proposal(refused=not_obeyed["learning_rate"])
    rate, why = 3e-4, "the common default"
    if isinstance(adam_reach, AdamReach) and adam_reach.steps_per_update > 0:
        rate = min(HIGHEST, rounded(USUAL_REACH / adam_reach.steps_per_update))
        moved = f"{adam_reach.steps_per_update:g} steps moved a weight by about {adam_reach.per_update:.2g} at most"
        why = f"an update of {moved}; {USUAL_REACH:g} is usual"
    if not rate > learning_rate_in_force.value:
        return Proposal(refused=f"the rate is {learning_rate_in_force.value:g} already")
    return Proposal(edits=(Edit(name="learning_rate", value=rate, why=why),))
