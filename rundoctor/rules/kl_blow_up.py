"""Updates carry the policy far out of its trust region.

What
    The approximate KL of an update is, in the median of the run or of its last fifth, several times what clip range and
    target allow.

Why
    A symptom of steps that are too long, by learning rate, epochs or clip range. Beyond the trust region the surrogate
    says nothing about the policy's return.

Evidence
    Median KL against a limit that grows with the configured clip range and target.

Stays silent
    Single spikes; runs whose wide clip range or KL target asks for large steps; a reward that rises all along.

References
    openai/baselines#975: KL of several nats within one update.
    Spinning Up, algorithms/ppo.rst (2092113): clipping does not keep the new policy near, so it stops early on KL.
    Stable-Baselines3 2.9.2, ppo/ppo.py: stops at 1.5 x target_kl, "because the clipping is not enough".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.step_size import StepExcess
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    times: float = 2.0
    """Smallest median KL over the largest that clip range and target explain."""


@rule(severity=Severity.ERROR, kind=Kind.SYMPTOM)
def check(policy_motion: PolicyMotion, step_excess: StepExcess, limits: Limits = Limits()) -> Iterator[Finding]:
    limit = limits.times * step_excess.kl_limit
    level, claim = policy_motion.level, policy_motion.level_is_of
    if step_excess.thrives or not level > limit:
        return
    yield Finding(
        message=f"an update moves the policy by {level:.3g} nat, at most {policy_motion.peak:.3g}",
        evidence=(Evidence(claim=claim, observed=level, relation=">", limit=limit, where=policy_motion.where),),
        onset=step_excess.onset,
    )
