"""Clip the change of the value as a fraction of the old value.

Free of the reward's unit, but with no width where the old value is near zero, where every critic begins.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety


@fix(
    offered_for=("value-clip-too-tight",),
    safety=Safety.NEW_OBJECTIVE,
    order=21,
    by_hand="clip at old + |old| x clamp((new - old) / |old|, -epsilon, epsilon)",
)
def propose() -> Proposal:
    why = "a fraction of the value has no unit"
    return Proposal(edits=(Edit(name="value_clip_relative", value=True, why=why),))
