"""Standardise the advantages once the components are summed, not each component by itself.

A component then counts as much as its reward is large, as it does in the objective.
"""

from __future__ import annotations

from rundoctor.facts.components import ComponentUse
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("component-weights-equalized",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="sum the components' advantages first, then subtract the batch's mean and divide by its deviation",
)
def propose(
    advantages_per_component: Setting,
    normalize_advantage: Setting | Missing,
    component_use: dict[str, ComponentUse] | Missing,
) -> Proposal:
    if not advantages_per_component.value:
        return Proposal(refused=f"{advantages_per_component.path} is off already")
    why = _lift(component_use)
    edits = [Edit(name="advantages_per_component", value=False, why=why)]
    if isinstance(normalize_advantage, Setting) and not normalize_advantage.value:
        edits.append(Edit(name="normalize_advantage", value=True, why="the sum keeps the unit of 1"))
    return Proposal(edits=tuple(edits))


def _lift(use: dict[str, ComponentUse] | Missing) -> str:
    """How far the least component was lifted, as far as the log shows it."""
    audible = [] if isinstance(use, Missing) else sorted((one.share, one.name) for one in use.values() if one.share > 0)
    if len(audible) < 2:
        return "every component had the weight of 1"
    (least, name), (most, largest) = audible[0], audible[-1]
    return f"{name} was lifted {(most / least) ** 0.5:,.3g} times, to the weight of {largest}"
