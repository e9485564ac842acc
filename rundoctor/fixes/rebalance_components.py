"""Bring a dominating reward component down to the size of the largest other one.

The size of a component is what an episode pays of it, since a policy is trained on the sum, and a prize at the end
counts as much as the same paid in small coin. It is measured where it was large: a policy that serves a cost alone
makes it small.
"""

from __future__ import annotations

import numpy as np

from rundoctor.facts.components import ComponentUse
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Proposal, Safety, Setting

LARGE = 0.9
"""Quantile over the updates; the highest one alone may be an outlier."""


@fix(
    treats=("component-dominates",),
    offered_for=("component-weights-equalized",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="multiply the dominating component by a smaller factor, where the reward is summed",
)
def propose(component_use: dict[str, ComponentUse], reward_weights: Setting) -> Proposal:
    if len(component_use) < 2:
        return Proposal(refused="there is one component alone")
    *_, (next_size, next_one), (size, largest) = sorted((_size(use), use.name) for use in component_use.values())
    weight = reward_weights.value.get(largest)
    if not weight:
        return Proposal(refused=f"{reward_weights.path} has no weight of {largest}")
    if not next_size > 0:
        return Proposal(refused="no other component has any size")
    ratio = size / next_size
    why = f"{largest} pays {size:.3g} an episode where it is large, {ratio:.3g} times as much as {next_one}"
    edit = Edit(name="reward_weights", key=largest, value=rounded(weight / ratio), why=why)
    return Proposal(edits=(edit,))


def _size(use: ComponentUse) -> float:
    paid = np.abs(use.per_episode[np.isfinite(use.per_episode)])
    return float(np.quantile(paid, LARGE)) if len(paid) else 0.0
