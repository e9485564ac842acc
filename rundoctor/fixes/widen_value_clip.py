"""Widen the value clip to the size of the critic's error.

The same as switching it off until the critic is near, with the same danger on a shared trunk, and stale as soon as the
reward's scale changes. Never where one key is both the policy clip and the value clip.
"""

from __future__ import annotations

from rundoctor.facts.critic import CriticError
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.facts.value_clip import ValueClip
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    offered_for=("value-clip-too-tight",),
    safety=Safety.NEW_OBJECTIVE,
    order=20,
    by_hand="clip the change of the value at the size of the critic's error",
)
def propose(
    active_value_clip: ValueClip, critic_error: CriticError, return_unit: ReturnUnit, shared_trunk: Setting | Missing
) -> Proposal:
    if active_value_clip.relative:
        return Proposal(refused="the clip is a fraction of the old value, and the critic's error is in its unit")
    width = rounded(critic_error.last().high)
    if not width > active_value_clip.epsilon:
        return Proposal(refused=f"the clip is {active_value_clip.epsilon:g} wide already ({active_value_clip.where})")
    edit = Edit(name="clip_range_vf", value=width, why=f"the critic's error is {critic_error.last()}")
    separate = isinstance(shared_trunk, Setting) and not shared_trunk.value
    if return_unit.raw is not False and not separate:
        shields = "with raw returns the clip shields a shared trunk from the value gradient"
        return Proposal(edits=(edit,), refused=shields)
    return Proposal(edits=(edit,))
