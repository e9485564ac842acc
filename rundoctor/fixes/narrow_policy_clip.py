"""Bring the policy clip range back to a trust region."""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

DEFAULT_RANGE = 0.2
"""Default of Stable-Baselines3, CleanRL, rsl_rl, skrl and Tianshou."""


@fix(
    treats=("policy-clip-too-wide",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the ratio to 1 +- 0.2",
)
def propose(clip_range: Setting) -> Proposal:
    if not clip_range.value > DEFAULT_RANGE:
        return Proposal(refused=f"the range is {clip_range.value:g} already")
    why = f"at {clip_range.value:g} a ratio may grow {1 + clip_range.value:g} times before it is clipped"
    return Proposal(edits=(Edit(name="clip_range", value=DEFAULT_RANGE, why=why),))
