"""The reward changed its meaning during the run.

What
    From one update to the next the same behaviour is paid otherwise: a curriculum, a weight, another environment.

Why
    The critic has learned the old reward and errs at once; the policy is then trained on advantages of that error. A
    falling reward after such a step says nothing of the policy.

Evidence
    A reward that had one sign in every step and now has the other; under a policy that by its KL is the same, a reward
    that falls at once below all before, or to the least of it and surprises the critic, or turns at its height where
    the critic loses what it knew; a policy that unlearns once the critic's error jumps; a component's reward per step
    that jumps between two levels, or, without components, leaves one that was not moving.

Stays silent
    Rewards that change as gradually as the policy does, or as it takes a long step; what is paid once, for the outcome.
    A jump of a reward that varies within episodes is a hazard without a plan: a goal suddenly reached looks the same.

References
    Unity-Technologies/ml-agents#1807: after some lessons the agents forget what they had learnt.
    Unity-Technologies/ml-agents#1383: a reward changed by a curriculum is like pausing, editing it and resuming.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from rundoctor.facts.critic_lost import CriticLost
from rundoctor.facts.fall import RewardFall
from rundoctor.facts.policy_turn import PolicyTurn
from rundoctor.facts.regime import RewardStep
from rundoctor.facts.reward_sign import SignTurn
from rundoctor.model import Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    jump: float = 6.0
    """Smallest jump of the reward per step over its spread within the two parts of the run."""
    relative: float = 0.3
    """Smallest jump over the size of the reward per step before it."""
    fall: float = 3.0
    """Smallest fall from one update to the next over the largest change before it."""
    below: float = 0.1
    """Smallest distance below all before, over its range: no healthy run comes near both (benchmarks/corpus)."""
    surprised: float = -0.5
    """Largest explained variance where it falls to about the lowest before: the error is over 1.2 deviations."""
    lost: float = 0.67
    """Smallest share of its explained variance that the critic loses; see ``fallen``."""
    fallen: float = 0.2
    """Smallest fall from the height over the range; healthy critics lose nothing where it falls (benchmarks/corpus)."""
    error: float = 3.0
    """Smallest jump of the value loss from one update to the next; see ``turned``."""
    turned: float = 0.15
    """Smallest turn of the entropy over its range: with such a jump no other run of benchmarks/corpus has 0.1."""


@rule(
    severity=Severity.ERROR,
    explains=("reward-collapse", "loss-explosion", "critic-stalled", "critic-worse-than-mean", "reward-unstable"),
)
def check(
    sign_turn: SignTurn | Missing,
    reward_fall: RewardFall | Missing,
    critic_lost: CriticLost | Missing,
    policy_turn: PolicyTurn | Missing,
    reward_step: RewardStep | Missing,
    reward_change_step: Setting | Missing,
    curriculum: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    plan = next((s for s in (reward_change_step, curriculum) if isinstance(s, Setting) and s.value), None)
    found = next(_changes(limits, sign_turn, reward_fall, critic_lost, policy_turn, reward_step), None)
    if found is not None:
        planned = f", as {plan.path} plans ({plan.where})" if plan else ""
        yield replace(found, message=found.message + planned, binding=found.binding or plan is not None)
    elif isinstance(reward_step, Missing):
        yield reward_step


def _changes(limits: Limits, sign: object, fall: object, lost: object, turn: object, step: object) -> Iterator[Finding]:
    """What the log shows, the surest first."""
    if isinstance(sign, SignTurn):
        yield Finding(message=sign.message, evidence=(sign.evidence,), onset=sign.step, binding=True)
    if isinstance(fall, RewardFall) and (steep := fall.evidence(limits.fall, limits.below, limits.surprised)):
        yield Finding(message=fall.message, evidence=steep, onset=fall.step, binding=True)
    if isinstance(lost, CriticLost) and lost.lost > limits.lost and lost.fallen > limits.fallen:
        evidence = lost.evidence(limits.lost, limits.fallen)
        yield Finding(message=lost.message, evidence=evidence, onset=lost.step, binding=True)
    if isinstance(turn, PolicyTurn) and turn.jump > limits.error and turn.turned > limits.turned:
        evidence = turn.evidence(limits.error, limits.turned)
        yield Finding(message=turn.message, evidence=evidence, onset=turn.step, binding=True)
    if isinstance(step, RewardStep) and step.jump > limits.jump and step.relative > limits.relative:
        evidence = step.evidence(limits.jump, limits.relative)
        yield Finding(message=step.message, evidence=evidence, onset=step.step, binding=step.of_the_task)
