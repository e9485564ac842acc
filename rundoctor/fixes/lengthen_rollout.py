"""Collect longer rollouts, so that GAE sums rewards and not the critic's word.

To four times the reach of GAE, 1 / (1 - gamma lambda), rounded up to a power of two.
"""

from __future__ import annotations

from math import ceil, log2

from rundoctor.facts.rewards import Discounts
from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

REACHES = 4.0
"""Rollout over the reach: the weights beyond it add up to 2 %."""


@fix(
    treats=("rollout-too-short",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="collect more steps of each environment before an update",
)
def propose(n_steps: Setting, discounts: Discounts) -> Proposal:
    reach = 1 / (1 - min(0.999, discounts.gamma * discounts.gae_lambda))
    steps = 2 ** ceil(log2(REACHES * reach))
    if not n_steps.value < steps:
        return Proposal(refused=f"a rollout has {n_steps.value:g} steps already")
    why = f"GAE sums about {reach:.3g} steps; {n_steps.value:g} are {n_steps.value / reach:.2g} of that, {steps} are "
    why += f"{steps / reach:.2g} times that"
    return Proposal(edits=(Edit(name="n_steps", value=steps, why=why),))
