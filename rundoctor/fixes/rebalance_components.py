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
    ordered = sorted(component_use.values(), key=lambda use: use.share)
    largest, next_one = ordered[-1], ordered[-2] if len(ordered) > 1 else ordered[-1]
    weight = reward_weights.value.get(largest.name)
    if not weight or not next_one.share > 0:
        return Proposal(refused="no other component has any size")
    ratio = (largest.share / next_one.share) ** 0.5
    why = f"{largest.name} is {ratio:.3g} times the size of {next_one.name}"
    edit = Edit(name="reward_weights", key=largest.name, value=rounded(weight / ratio), why=why)
    return Proposal(edits=(edit,))
