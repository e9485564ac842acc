"""Which of the two losses the gradient belongs to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.model import Curve, Evidence, Missing

LOG_NORMS = "log policy_grad_norm and value_grad_norm per update"
STARVED_SHARE = 3e-4
"""A policy of Stable-Baselines3 that learns CartPole at its defaults has 1e-3 to 3e-3 (raw rewards, separate networks);
at vf_coef 50 it has 7e-5 and hardly moves, 1.6e-4 nat an update, since Adam's epsilon then outweighs its gradient."""


class GradientShare(NamedTuple):
    """The policy's part of the joint gradient norm, which a norm clip leaves as it is."""

    policy: float
    """Norm of the policy's gradient over that of both, median of the run."""
    where: str

    def starved(self, limit: float = STARVED_SHARE) -> tuple[Evidence, ...]:
        """The share as evidence, where it is below the limit."""
        if not self.policy < limit:
            return ()
        claim = "policy's share of the gradient norm"
        return (Evidence(claim=claim, observed=self.policy, relation="<", limit=limit, where=self.where),)


@fact
def gradient_share(policy_grad_norm: Curve | Missing, value_grad_norm: Curve | Missing) -> GradientShare | Missing:
    if isinstance(policy_grad_norm, Missing) or isinstance(value_grad_norm, Missing):
        return Missing(reason="the gradient norms of policy and critic are not logged", log=LOG_NORMS)
    _, left, right = np.intersect1d(policy_grad_norm.step, value_grad_norm.step, return_indices=True)
    policy, value = np.abs(policy_grad_norm.value[left]), np.abs(value_grad_norm.value[right])
    moving = (policy > 0) & (value > 0)
    if not moving.any():
        return Missing(reason="a gradient norm is zero throughout", log=LOG_NORMS)
    share = policy[moving] / np.hypot(policy[moving], value[moving])
    return GradientShare(signals.median(share), policy_grad_norm.source)
