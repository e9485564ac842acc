"""Raise the discount until the agent looks as far as an episode lasts.

The horizon 1 / (1 - gamma) is brought to the mean episode length, between 100 and 1000 steps.
"""

from __future__ import annotations

from rundoctor import signals
from rundoctor.fixes import fix
from rundoctor.model import Curve, Edit, Proposal, Safety, Setting


@fix(
    treats=("discount-too-low",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="compute returns and GAE with a higher discount",
)
def propose(gamma: Setting, episode_steps: Curve) -> Proposal:
    length = signals.tail(episode_steps.value)
    discount = round(1 - 1 / min(1000.0, max(100.0, length)), 3)
    if not discount > gamma.value:
        return Proposal(refused=f"gamma is {gamma.value:g} already")
    why = f"episodes last {length:.4g} steps, {gamma.value:g} looks {1 / (1 - gamma.value):.3g} ahead"
    return Proposal(edits=(Edit(name="gamma", value=discount, why=why),))
