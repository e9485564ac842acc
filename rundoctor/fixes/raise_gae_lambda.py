"""Raise the trace decay until GAE sums more than a step or two.

To where 1 / (1 - gamma lambda) is 20 steps, or an episode where that is shorter.
"""

from __future__ import annotations

from rundoctor import signals
from rundoctor.facts.rewards import Discounts
from rundoctor.fixes import fix
from rundoctor.model import Curve, Edit, Missing, Proposal, Safety, Setting

STEPS = 20.0
"""About the 17 steps of gamma 0.99 and lambda 0.95, the defaults of Stable-Baselines3 and CleanRL."""


@fix(
    treats=("gae-lambda-too-low",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="compute GAE with a higher trace decay",
)
def propose(gae_lambda: Setting, discounts: Discounts, episode_steps: Curve | Missing) -> Proposal:
    length = signals.tail(episode_steps.value) if isinstance(episode_steps, Curve) else STEPS
    ahead = max(2.0, min(STEPS, length))
    trace = round(min(1.0, (1 - 1 / ahead) / discounts.gamma), 2) if discounts.gamma > 0 else 1.0
    if not trace > gae_lambda.value:
        return Proposal(refused=f"gae_lambda is {gae_lambda.value:g} already")
    now = 1 / (1 - min(0.999, discounts.gamma * gae_lambda.value))
    why = f"GAE sums about {now:.2g} steps at {gae_lambda.value:g} and {ahead:.2g} at {trace:g}"
    why += f"; episodes last {length:.4g}" if isinstance(episode_steps, Curve) else ""
    return Proposal(edits=(Edit(name="gae_lambda", value=trace, why=why),))
