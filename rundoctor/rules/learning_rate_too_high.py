"""The learning rate makes steps that the policy does not survive.

What
    The learning rate lies above the usual range, and nothing shows that the policy survives its steps.

Why
    The clip stops the gradient of a sample after its ratio left the range; it does not bound the step itself. At a rate
    that is too high the first minibatches throw the policy out of the range, and nothing pulls it back.

Evidence
    Learning rate against the usual range; how far a weight moves in one update at a rate far above it; approximate KL
    of an update.

Stays silent
    Rates inside the usual range with a KL that is, too; rates a little above it whose KL is logged and calm, or not
    logged at all, or grows because a negative entropy weight takes the noise away; rates that the trainer sets itself,
    by the KL. A rate far above it is a hazard where reward and KL are well, unless an update replaces the weights.

References
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): 1e-5 to 1e-3; lower it when the reward does not rise
        steadily.
    Unity-Technologies/ml-agents#1237: rewards rise, then drop suddenly, at a rate of 1e-3.
    DLR-RM/stable-baselines3#1130: rates of 3e-2 and 3e-3 end in NaN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.rollout import AdamReach
from rundoctor.facts.step_size import ALONE, StepExcess
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond_usual: float = 1.0
    """Rate over the upper end of the usual range, 1e-3, where the log shows steps that go too far."""
    unseen: float = ALONE
    """The same where it does not; see ``facts/step_size.py``."""
    wild: float = 10.0
    """The same from which a calm KL acquits nobody: the critic's steps are bounded by nothing."""
    overwrites: float = 2.0
    """Smallest movement of a weight in one update that leaves nothing of it, twice an orthogonal layer's gain: healthy
    runs have 0.24 at most, and of the runs beyond it eight in ten are damaged (benchmarks/corpus)."""


@rule(
    severity=Severity.ERROR,
    explains=(
        "kl-blow-up",
        "reward-collapse",
        "reward-unstable",
        "entropy-collapse",
        "reward-no-longer-logged",
        "no-learning",
        "policy-frozen",
        "critic-stalled",
        "critic-worse-than-mean",
    ),
)
def check(
    chosen_learning_rate: Setting,
    step_excess: StepExcess,
    policy_motion: PolicyMotion | Missing,
    ent_coef_in_force: Setting | Missing,
    adam_reach: AdamReach | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    excess = step_excess.of("learning_rate")
    narrowed = isinstance(ent_coef_in_force, Setting) and ent_coef_in_force.value < 0
    if not excess > (limits.beyond_usual if step_excess.too_far and not narrowed else limits.unseen):
        return
    wild = excess > limits.wild
    overwritten = adam_reach.overwrites(limits.overwrites) if wild and isinstance(adam_reach, AdamReach) else ()
    yield Finding(
        message=f"learning rate {chosen_learning_rate.value:g} is {excess:.3g} times the usual upper end",
        evidence=(
            Evidence(
                claim="learning rate, against the usual upper end",
                observed=chosen_learning_rate.value,
                relation=">",
                limit=step_excess.usual("learning_rate"),
                where=chosen_learning_rate.where,
            ),
            *overwritten,
            *step_excess.motion_evidence(policy_motion),
        ),
        onset=step_excess.onset,
        binding=step_excess.binding or bool(overwritten),
        acquitted=not overwritten and (step_excess.thrives or (step_excess.calm and not wild)),
        about="learning_rate",
        against=step_excess.against("learning_rate"),
        decide_by=step_excess.decide_by,
    )
