"""Multiply all rewards by one constant.

The same objective in a smaller unit, so that returns are of the order one. Only where nothing else depends on the unit:
not with a reward clip, adaptive scaling or learned weights, and not where advantages keep the reward's unit. Under
normalisation it changes nothing: the running deviation is scaled by the same constant.
"""

from __future__ import annotations

from rundoctor.facts.normalization import ReturnUnit
from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("returns-not-normalized", "value-clip-too-tight", "rewards-too-small"),
    safety=Safety.SAME_OBJECTIVE,
    order=2,
    by_hand="multiply the reward by one constant, where the environment returns it",
)
def propose(
    return_scale: ReturnScale,
    return_unit: ReturnUnit | Missing,
    reward_scale: Setting | Missing,
    normalize_advantage: Setting | Missing,
    reward_clip: Setting | Missing,
    adaptive_reward_scaling: Setting | Missing,
    learnable_component_weights: Setting | Missing,
    normalize_returns: Setting | Missing,
    normalize_rewards: Setting | Missing,
) -> Proposal:
    unit = return_unit if isinstance(return_unit, ReturnUnit) else None
    for setting in (normalize_returns, normalize_rewards):
        if isinstance(setting, Setting) and setting.value and not (unit and unit.contradicted):
            return Proposal(refused=f"{setting.path} ({setting.where}) divides the factor out again")
    if unit and unit.raw is False:
        return Proposal(refused="the log shows that returns are normalised, which divides the factor out again")
    if return_scale.is_maximum:
        return Proposal(refused="only the best reward is logged, so the size of the returns is not known")
    if return_scale.changes_sign:
        return Proposal(refused="rewards of both signs hide the size of the returns")
    if isinstance(normalize_advantage, Missing) or not normalize_advantage.value:
        return Proposal(refused="advantages are not known to be standardised, so another reward unit is another step")
    for setting in (reward_clip, adaptive_reward_scaling, learnable_component_weights):
        if isinstance(setting, Setting) and setting.value:
            return Proposal(refused=f"{setting.path} ({setting.where}) depends on the reward's unit")
    size = return_scale.last().high
    if not size > 0:
        return Proposal(refused="rewards are zero")
    old = reward_scale.value if isinstance(reward_scale, Setting) else 1.0
    why = f"returns are about {size:.3g}; times {1 / size:.3g} they are about 1"
    return Proposal(edits=(Edit(name="reward_scale", value=rounded(old / size), why=why),))
