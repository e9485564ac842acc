"""Minibatches are so small that their gradients are noise.

What
    A minibatch has fewer than eight samples.

Why
    The mean and deviation of a handful of advantages say more of which samples met than of which action was better, and
    every handful is a full Adam step: a rollout becomes thousands of steps in random directions.

Evidence
    Samples in a minibatch; gradient steps an update; approximate KL of an update.

Stays silent
    Minibatches of eight and more: runs with ten learn. It is a hazard where the KL is calm, and, without a symptom,
    where the reward rises all along.

References
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): batch_size 32 to 512 for discrete actions, 512 to 5120
        for continuous ones.
    Stable-Baselines3 2.9.2, ppo/ppo.py: minibatches of 64, advantages standardised in each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.rollout import AdamReach
from rundoctor.facts.step_size import StepExcess
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    samples: float = 8.0
    """Fewest samples: a quarter of the least usual 32; public runs with 10 learn (docs/limits.md)."""


@rule(severity=Severity.WARNING, explains=("kl-blow-up", "reward-unstable", "reward-collapse", "no-learning"))
def check(
    batch_size: Setting,
    adam_reach: AdamReach | Missing,
    step_excess: StepExcess,
    policy_motion: PolicyMotion | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    if not 0 < batch_size.value < limits.samples:
        return
    steps = f", {adam_reach.steps_per_update:,.0f} of them an update" if isinstance(adam_reach, AdamReach) else ""
    proof = Evidence(
        claim="samples in a minibatch",
        observed=float(batch_size.value),
        relation="<",
        limit=limits.samples,
        where=batch_size.where,
    )
    yield Finding(
        message=f"a gradient step rests on {batch_size.value:g} samples{steps}",
        evidence=(proof, *step_excess.motion_evidence(policy_motion)),
        onset=step_excess.onset,
        binding=step_excess.binding,
        acquitted=step_excess.calm,
        about="batch_size",
        decide_by=step_excess.decide_by,
    )
