"""GAE looks so few steps ahead that advantages are the critic's opinion.

What
    gae_lambda is below the range in which PPO is used, so that 1 / (1 - gamma lambda) is a step or two.

Why
    With lambda 0 an advantage is r + gamma V(s') - V(s): beyond one step it knows only what the critic says, and early
    on the critic says nothing. Its bias then goes straight into the policy.

Evidence
    The trace decay; the steps that GAE sums, against those that matter: the discount's horizon or the episode. The
    explained variance acquits nobody here: its returns are the critic's own opinion, too.

Stays silent
    Traces from 0.6 on. Without a symptom, and where an episode is not many times longer than what GAE sums, it is a
    hazard.

References
    Schulman et al. 2016, arXiv:1506.02438: lambda below 1 trades variance for the bias of an inaccurate critic.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): lambd 0.9 to 0.95.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Discounts
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    trace: float = 0.6
    """Least trace decay: two or three steps of real rewards. Published PPO configurations keep to 0.8 and more."""
    seen: float = 0.05
    """Largest share of the steps that matter, the shorter one of horizon and episode, that is as good as blind: ours,
    docking learns with 0.1 (benchmarks/corpus)."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "critic-stalled", "reward-unstable"))
def check(
    gae_lambda: Setting, discounts: Discounts, episode_steps: Curve | Missing, limits: Limits = Limits()
) -> Iterator[Finding]:
    if not 0 <= gae_lambda.value < limits.trace:
        return
    ahead = 1 / (1 - discounts.gamma * gae_lambda.value)
    proof = Evidence(
        claim="GAE trace decay", observed=gae_lambda.value, relation="<", limit=limits.trace, where=gae_lambda.where
    )
    evidence = [proof]
    if isinstance(episode_steps, Curve):
        evidence += _blind(ahead, discounts.gamma, episode_steps, limits)
    yield Finding(
        message=f"gae_lambda {gae_lambda.value:g} sums about {ahead:.2g} steps of rewards; the rest is the critic's",
        evidence=tuple(evidence),
        binding=len(evidence) > 1,
        about="gae_lambda",
    )


def _blind(ahead: float, gamma: float, steps: Curve, limits: Limits) -> list[Evidence]:
    """The steps that GAE sums against those that matter, where that is next to nothing."""
    length = signals.tail(steps.value)
    matter = min(length, 1 / (1 - gamma)) if gamma < 1 else length
    if not ahead < limits.seen * matter:
        return []
    claim = f"steps that GAE sums over the {matter:.4g} that matter"
    return [Evidence(claim=claim, observed=ahead / matter, relation="<", limit=limits.seen, where=steps.source)]
