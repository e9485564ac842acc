"""Advantages enter the policy loss in reward units.

What
    Advantages are not standardised and are far from unit size, so the policy loss has the size of the returns.

Why
    The clip bounds the ratio, not the gradient. Unstandardised advantages multiply the policy's gradient by their size
    and let their mean push all actions of a batch up or down together, so the policy hardens on what it did first.

Evidence
    The setting; a policy loss, or a negative total loss, far above what standardised advantages can give.

Stays silent
    Standardised advantages; unstandardised ones of about unit size.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: (A - mean) / (std + 1e-8) per minibatch, on by default.
    hill-a/stable-baselines#697: a high variance of advantages can break the learning.
    TorchRL 0.14.0, objectives/ppo.py: normalize_advantage is off by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.critic import CriticError
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    large_loss: float = 1.0
    """Policy loss above which advantages cannot have unit variance: |mean of ratio x advantage| <= 1 + clip range."""
    certain: float = 10.0
    """Policy loss, or critic error, that shows it without the setting: ten times what standardised advantages reach."""


@rule(severity=Severity.ERROR, explains=("reward-collapse", "entropy-collapse", "kl-blow-up", "reward-unstable"))
def check(
    normalize_advantage: Setting | Missing,
    policy_loss: Curve | Missing,
    loss: Curve | Missing,
    ent_coef_in_force: Setting | Missing,
    critic_error: CriticError | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if isinstance(normalize_advantage, Missing) and isinstance(policy_loss, Missing):
        yield Missing(reason="neither the setting nor a policy loss is there", log="log policy_loss per update")
        return
    off = isinstance(normalize_advantage, Setting) and not normalize_advantage.value
    size, where = _policy_loss(policy_loss, loss, ent_coef_in_force)
    if not off and not (isinstance(policy_loss, Curve) and size > limits.certain):
        return
    large = size > limits.large_loss
    if isinstance(policy_loss, Curve) and not large and not _critic_errs(critic_error, limits):
        return
    setting = normalize_advantage.where if isinstance(normalize_advantage, Setting) else "no such setting"
    yield Finding(
        message=f"advantages are not standardised ({setting})" + (f": policy loss of size {size:.4g}" if large else ""),
        evidence=(_size(size, where, limits, isinstance(policy_loss, Curve)) if large else _switch(setting),),
        binding=large,
    )


def _critic_errs(error: CriticError | Missing, limits: Limits) -> bool:
    """Whether the critic errs so much that advantages cannot be of unit size, whatever their mean."""
    return isinstance(error, CriticError) and error.last().low > limits.certain


def _size(size: float, where: str, limits: Limits, logged: bool) -> Evidence:
    claim = "size of the policy loss" if logged else "least size of the policy loss in a quarter of the updates"
    claim += "; standardised advantages keep it below 1" if logged else ", from the negative total loss"
    return Evidence(claim=claim, observed=size, relation=">", limit=limits.large_loss, where=where)


def _switch(where: str) -> Evidence:
    return Evidence(claim="standardised advantages, 0 is off", observed=0.0, relation="<=", limit=0.0, where=where)


def _policy_loss(policy: Curve | Missing, loss: Curve | Missing, bonus: Setting | Missing) -> tuple[float, str]:
    """Typical size of the policy loss; from a total loss its negative part, which a value loss only makes smaller."""
    if isinstance(policy, Curve):
        return signals.median(np.abs(policy.value)), policy.source
    if isinstance(loss, Missing):
        return 0.0, ""
    spare = abs(bonus.value) if isinstance(bonus, Setting) else 0.0
    negative = np.maximum(-loss.value - spare, 0.0)
    return signals.quantile(negative, 0.75), loss.source
