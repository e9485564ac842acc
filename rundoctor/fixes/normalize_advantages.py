"""Standardise the advantages of each batch.

Not beside raw returns: a policy gradient of about one, clipped together with a value gradient of a hundred, is left a
hundredth of the step. On a balancing task with rewards of 20 a step a run learned less with this fix than without any,
0.31 against 0.60 of the healthy improvement in three seeds. In two of them it learned 0.88 with the fix and no gradient
clip, and all of it with scaled returns in place of the fix.
"""

from __future__ import annotations

import numpy as np

from rundoctor import signals
from rundoctor.facts.critic import CriticError
from rundoctor.facts.gradient import OUTWEIGHS
from rundoctor.fixes import fix
from rundoctor.model import Curve, Edit, Interval, Missing, Proposal, Safety, Setting


@fix(
    treats=("advantages-not-normalized",),
    offered_for=("component-weights-equalized",),
    safety=Safety.SAME_OBJECTIVE,
    order=0,
    by_hand="subtract the mean of the batch's advantages and divide by their standard deviation, once combined",
)
def propose(
    normalize_advantage: Setting | Missing,
    normalize_returns: Setting | Missing,
    policy_loss: Curve | Missing,
    max_grad_norm: Setting | Missing,
    value_weight: Interval | Missing,
    critic_error: CriticError | Missing,
) -> Proposal:
    if isinstance(normalize_advantage, Setting) and normalize_advantage.value:
        return Proposal(refused=f"{normalize_advantage.path} is on already ({normalize_advantage.where})")
    pull = _pull(value_weight, critic_error)
    raw = isinstance(normalize_returns, Setting) and not normalize_returns.value
    unclipped = isinstance(max_grad_norm, Setting) and not max_grad_norm.value
    if raw and not unclipped and pull > OUTWEIGHS:
        beside = f"beside a value gradient of about {pull:.3g} that of standardised advantages, about 1, hardly counts"
        return Proposal(refused=f"{beside}: scale the returns first")
    why = "standardised advantages keep the policy loss below 1, whatever the returns"
    if isinstance(policy_loss, Curve):
        size = signals.median(np.abs(policy_loss.value))
        why = f"the policy loss has a size of {size:.3g}; standardised advantages keep it below 1"
    return Proposal(edits=(Edit(name="normalize_advantage", value=True, why=why),))


def _pull(weight: Interval | Missing, error: CriticError | Missing) -> float:
    """Weight x error of the critic at the end, at least."""
    return 0.0 if isinstance(weight, Missing) or isinstance(error, Missing) else weight.low * error.last().low
