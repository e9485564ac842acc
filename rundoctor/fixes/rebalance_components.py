"""Bring a dominating reward component down to the size of the largest other one."""

from __future__ import annotations

from rundoctor.facts.components import ComponentUse
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Proposal, Safety, Setting


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
    *_, next_one, largest = sorted(component_use.values(), key=lambda use: use.share)
    weight = reward_weights.value.get(largest.name)
    if not weight:
        return Proposal(refused=f"{reward_weights.path} has no weight of {largest.name}")
    if not next_one.share > 0:
        return Proposal(refused="no other component has any size")
    ratio = (largest.share / next_one.share) ** 0.5
    why = f"{largest.name} is {ratio:.3g} times the size of {next_one.name}"
    edit = Edit(name="reward_weights", key=largest.name, value=rounded(weight / ratio), why=why)
    return Proposal(edits=(edit,))
