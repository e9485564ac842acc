"""Bring a dominating reward component down to what competes with it: what pays, else the other costs.

Its weight becomes the largest one of theirs where that makes it smaller than they are. Where it does not, or the config
has no such weight, it is brought to the size that a cost has in runs that learn: what an episode pays of it, since a
policy is trained on the sum, and a prize at the end counts as much as the same paid in small coin.
"""

from __future__ import annotations

import math

from rundoctor.facts.dominance import Dominance
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Proposal, Safety, Setting

BESIDE = 0.25
"""Size of the largest cost over that of what pays, each where it was large: the median of eight tasks, 0.05 to 0.7."""


@fix(
    treats=("component-dominates",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="multiply the dominating component by a smaller factor, where the reward is summed",
)
def propose(dominance: Dominance, reward_weights: Setting) -> Proposal:
    name = dominance.largest.name
    weight = reward_weights.value.get(name)
    if not weight:
        return Proposal(refused=f"{reward_weights.path} has no weight of {name}")
    factor, over = dominance.weight, dominance.over
    if factor > 1 and (factor >= over or math.isinf(over)):
        why = f"it weighs {factor:.3g} times as much as any that competes with it"
    elif math.isinf(over):
        return Proposal(refused="no other component has any size")
    else:
        factor = over / BESIDE
        why = f"{name} is {over:.3g} times as large as {dominance.rival}; in runs that learn a cost is {BESIDE:g} times"
    return Proposal(edits=(Edit(name="reward_weights", key=name, value=rounded(weight / factor), why=why),))
