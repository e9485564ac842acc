"""Clip the change of the value as a fraction of the old value.

Free of the reward's unit, but with no width where the old value is near zero, where every critic begins. So it is
proposed only once the critic follows raw returns; normalised ones lie around zero for good.
"""

from __future__ import annotations

from rundoctor.facts.critic import STALLED, CriticTracking
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.facts.rewards import ReturnScale
from rundoctor.facts.value_clip import ValueClip
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety


@fix(
    offered_for=("value-clip-too-tight",),
    safety=Safety.NEW_OBJECTIVE,
    order=21,
    by_hand="clip at old + |old| x clamp((new - old) / |old|, -epsilon, epsilon)",
)
def propose(
    active_value_clip: ValueClip,
    critic_tracking: CriticTracking | Missing,
    return_unit: ReturnUnit | Missing,
    return_scale: ReturnScale | Missing,
) -> Proposal:
    if active_value_clip.relative:
        return Proposal(refused=f"the clip is relative already ({active_value_clip.where})")
    why = "a fraction of the value has no unit"
    if isinstance(return_scale, ReturnScale):
        size = return_scale.last().high
        why = f"{active_value_clip.epsilon:g} of a value near {size:.3g} is {active_value_clip.epsilon * size:.3g}"
    edit = Edit(name="value_clip_relative", value=True, why=why)
    return Proposal(edits=(edit,), refused=_harm(critic_tracking, return_unit))


def _harm(critic_tracking: CriticTracking | Missing, return_unit: ReturnUnit | Missing) -> str:
    """Why a clip at a fraction of the value would be no wider here; empty where it would."""
    no_width = "where a relative clip has no width"
    if isinstance(critic_tracking, Missing):
        return f"the critic may still say about zero, {no_width}: {critic_tracking.reason}"
    if isinstance(return_unit, ReturnUnit) and return_unit.raw is False:
        return f"normalised returns lie around zero, {no_width}"
    if not critic_tracking.relative_error.high < STALLED:
        error = critic_tracking.relative_error
        return f"the critic still says about zero (its error is {error} of the returns), {no_width}"
    return ""
