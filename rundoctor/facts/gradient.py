"""Which of the two losses the gradient belongs to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.critic import CriticError
from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Evidence, Interval, Missing, Run, Setting

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


OUTWEIGHS = 10.0
"""Weight x error in a shared trunk from which at most a tenth of a step is the policy's, whose gradient is about 1. No
healthy run of ours with a usual weight and normalised returns has that; at 30 and more HalfCheetah and foraging learn
half as much (benchmarks/corpus)."""


class TrunkLoad(NamedTuple):
    """What the value loss pulls at the trunk that policy and critic share."""

    size: float
    """Weight x error, at the run's median error and the least weight."""
    where: str

    def outweighs(self, limit: float = OUTWEIGHS) -> tuple[Evidence, ...]:
        """The size as evidence, where it is above the limit."""
        claim = "weight x critic error in the trunk that both share, beside a policy gradient of about 1"
        proof = Evidence(claim=claim, observed=self.size, relation=">", limit=limit, where=self.where)
        return (proof,) if self.size > limit else ()


@fact
def trunk_load(shared_trunk: Setting, value_weight: Interval, critic_error: CriticError) -> TrunkLoad | Missing:
    if not shared_trunk.value:
        return Missing(reason="policy and critic share no layers")
    return TrunkLoad(value_weight.low * signals.median(critic_error.low), critic_error.where)


GRADIENT_OF_A_WEIGHT = 0.06
"""Largest gradient of a network weight, root mean square, over weight of the loss x error: measured on fresh value
networks of two orthogonal tanh layers of 64 units; at 256 units 0.02, against errors that are noise 0.01."""


class CriticStep(NamedTuple):
    """How much of Adam's full step the critic's weights take: g / (g + epsilon), for a gradient of size g."""

    share: float
    epsilon: float
    where: str

    def stopped(self, limit: float) -> tuple[Evidence, ...]:
        """The share as evidence, where it is below the limit."""
        claim = f"share of Adam's full step that the critic takes, at an epsilon of {self.epsilon:g}"
        proof = Evidence(claim=claim, observed=self.share, relation="<", limit=limit, where=self.where)
        return (proof,) if self.share < limit else ()


@fact
def critic_step(run: Run, vf_coef_in_force: Setting, critic_error: CriticError) -> CriticStep:
    """At the largest error of the run's start and end."""
    error = max(critic_error.first().high, critic_error.last().high)
    gradient = GRADIENT_OF_A_WEIGHT * abs(vf_coef_in_force.value) * error
    epsilon = framework_named(run.format).adam_epsilon
    return CriticStep(gradient / (gradient + epsilon), epsilon, critic_error.where)
