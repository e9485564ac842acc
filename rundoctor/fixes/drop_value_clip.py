"""Switch the value clip off.

Right in normalised units, or where the critic has a trunk and a norm clip of its own. With a shared trunk and raw
returns the clip is what keeps the value gradient from the policy: dropping it killed learning where it was measured.
"""

from __future__ import annotations

from rundoctor.facts.critic import CriticError
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.facts.value_clip import ValueClip
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    offered_for=("value-clip-too-tight",),
    goes_with=("normalize-returns", "scale-rewards"),
    safety=Safety.NEW_OBJECTIVE,
    order=10,
    by_hand="leave the clip out of the value loss",
)
def propose(
    active_value_clip: ValueClip,
    return_unit: ReturnUnit | Missing,
    shared_trunk: Setting | Missing,
    critic_error: CriticError | Missing,
) -> Proposal:
    why = "the critic moves freely towards its targets"
    if isinstance(critic_error, CriticError):
        why = f"epsilon is {active_value_clip.epsilon:g}, the critic's error {critic_error.last()}"
    edit = Edit(name="value_clip", value=False, why=why)
    separate = isinstance(shared_trunk, Setting) and not shared_trunk.value
    normalized = isinstance(return_unit, ReturnUnit) and return_unit.raw is False
    if not (separate or normalized):
        shields = "with raw returns the clip shields a shared trunk from the value gradient"
        return Proposal(edits=(edit,), refused=shields)
    return Proposal(edits=(edit,))
