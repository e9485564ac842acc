"""GAE looks so few steps ahead that advantages are the critic's opinion.

What
    gae_lambda is below the range in which PPO is used, so that 1 / (1 - gamma lambda) is a step or two.

Why
    With lambda 0 an advantage is r + gamma V(s') - V(s): beyond one step it knows only what the critic says, and early
    on the critic says nothing. Its bias then goes straight into the policy.

Evidence
    The trace decay; the steps that GAE sums.

Stays silent
    Traces from 0.5 on. Without a symptom it is a hazard: a good critic carries one-step advantages.

References
    Schulman et al. 2016, arXiv:1506.02438: lambda below 1 trades variance for the bias of an inaccurate critic.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): lambd 0.9 to 0.95.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.rewards import Discounts
from rundoctor.model import Evidence, Finding, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    trace: float = 0.5
    """Least trace decay: two steps of real rewards. Published PPO configurations keep to 0.8 and more."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "critic-stalled", "reward-unstable"))
def check(gae_lambda: Setting, discounts: Discounts, limits: Limits = Limits()) -> Iterator[Finding]:
    if not 0 <= gae_lambda.value < limits.trace:
        return
    ahead = 1 / (1 - discounts.gamma * gae_lambda.value)
    proof = Evidence(
        claim="GAE trace decay", observed=gae_lambda.value, relation="<", limit=limits.trace, where=gae_lambda.where
    )
    yield Finding(
        message=f"gae_lambda {gae_lambda.value:g} sums about {ahead:.2g} steps of rewards; the rest is the critic's",
        evidence=(proof,),
        about="gae_lambda",
    )
