"""Keep the weights of the reward components fixed.

They stay where they start: a policy that follows one objective can be told from one that follows another.
"""

from __future__ import annotations

from rundoctor.facts.components import WeightPath
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("component-weights-drift",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="take the component weights out of the optimiser and leave them at their first values",
)
def propose(learnable_component_weights: Setting | Missing, weight_paths: tuple[WeightPath, ...]) -> Proposal:
    if isinstance(learnable_component_weights, Missing):
        return Proposal()
    if not learnable_component_weights.value:
        return Proposal(refused=f"{learnable_component_weights.path} is off already")
    widest = max(weight_paths, key=lambda path: path.factor)
    why = f"the share of {widest.name} changed {widest.factor:.3g} times over"
    return Proposal(edits=(Edit(name="learnable_component_weights", value=False, why=why),))
