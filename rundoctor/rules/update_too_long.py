"""Learning rate, epochs and minibatches are each usual, and together they carry the policy too far.

What
    No knob of the step is outside its usual range, the distance that a weight may move in an update is several times
    the usual one, and the log shows updates that leave the trust region.

Why
    What reaches the policy is about the product of learning rate, epochs and minibatches. A rate of 1e-3 is usual with
    twenty gradient steps an update and far too high with a thousand.

Evidence
    Learning rate x gradient steps of an update, against the usual 0.096; approximate KL of an update.

Stays silent
    A knob outside its usual range, which is named instead; a KL inside the trust region, however long the update.

References
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), about lr whatever the gradient's size.
    openai/baselines#975: a KL that grows with every epoch of one update, from 0.017 to 4.47.
    Stable-Baselines3 2.9.2, ppo/ppo.py: 3e-4, ten epochs of 32 minibatches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.rollout import USUAL_REACH, AdamReach
from rundoctor.facts.step_size import KNOBS, StepExcess
from rundoctor.model import Evidence, Finding, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    reach: float = 3.0
    """Smallest distance over the usual 0.096, which is Stable-Baselines3's; RLlib's defaults have 0.5, rsl_rl's 0.2."""


@rule(severity=Severity.WARNING, explains=("kl-blow-up", "reward-collapse", "reward-unstable", "entropy-collapse"))
def check(
    adam_reach: AdamReach, step_excess: StepExcess, policy_motion: PolicyMotion, limits: Limits = Limits()
) -> Iterator[Finding]:
    usual = all(step_excess.of(knob) <= 1 for knob in KNOBS)
    reach = adam_reach.per_update / USUAL_REACH
    if not usual or not step_excess.too_far or not reach > limits.reach:
        return
    claim = (
        f"farthest a weight moves in an update, {adam_reach.learning_rate:g} x {adam_reach.steps_per_update:g} steps, "
        f"over the usual {USUAL_REACH:g}"
    )
    proof = Evidence(claim=claim, observed=reach, relation=">", limit=limits.reach, where=adam_reach.where)
    yield Finding(
        message=f"{adam_reach.steps_per_update:,.0f} steps an update at {adam_reach.learning_rate:g} go too far",
        evidence=(proof, *step_excess.motion_evidence(policy_motion)),
        onset=step_excess.onset,
        binding=True,
        about="learning_rate",
    )
