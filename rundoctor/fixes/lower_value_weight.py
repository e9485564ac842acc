"""Lower the weight of the value loss.

The cure where the weight itself is out of range. Against large returns it is weak: a factor of five against an
imbalance of a thousand.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

DEFAULT_WEIGHT = 0.5
"""Stable-Baselines3, CleanRL and Tianshou."""


@fix(
    treats=("value-weight-too-high",),
    offered_for=("returns-not-normalized", "value-clip-too-tight"),
    safety=Safety.NEW_OBJECTIVE,
    order=3,
    by_hand="multiply the value loss by a smaller weight",
)
def propose(vf_coef: Setting) -> Proposal:
    if not vf_coef.value > 0:
        return Proposal(refused=f"the weight is {vf_coef.value:g} already")
    target = DEFAULT_WEIGHT if vf_coef.value > DEFAULT_WEIGHT else vf_coef.value / 5
    why = f"{vf_coef.value:g} weighs the critic {vf_coef.value / target:g} times more than {target:g}"
    return Proposal(edits=(Edit(name="vf_coef", value=target, why=why),))
