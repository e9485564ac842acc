"""The reward changed its meaning during the run.

What
    From one update to the next the same behaviour is paid otherwise: a curriculum, a weight, another environment.

Why
    The critic has learned the old reward and errs at once; the policy is then trained on advantages of that error. A
    falling reward after such a step says nothing of the policy.

Evidence
    A reward that had one sign in every step and now has the other, or was the same in every step and jumps. Where the
    policy by its KL is the same: a reward that falls at once below all before, or leaps above it while the policy
    unlearns, or a critic that is suddenly wrong where the reward turns from its height or the policy unlearns.

Stays silent
    Rewards that change as gradually as the policy does, or as it takes a long step; what is paid once, for the outcome.
    A task made harder whose reward falls, but not at once below all before: the critic goes on knowing it. A reward
    that varies within episodes and only grows by a factor: a goal suddenly reached looks the same.

References
    Unity-Technologies/ml-agents#1807: after some lessons the agents forget what they had learnt.
    Unity-Technologies/ml-agents#1383: a reward changed by a curriculum is like pausing, editing it and resuming.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.reward_change.change import Change
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule; the numbers of healthy and sick runs are those of benchmarks/corpus."""

    old_sign: float = 0.0
    """Later episodes in which a reward that has turned still has its old sign in some step."""
    leap: float = 2.8
    """Smallest change from one update to the next over the largest before; sick from 3.2, other falls to 2.4."""
    beyond: float = 0.1
    """Smallest distance of its end from all before, over their range."""
    knows: float = 0.4
    """Largest explained variance right after the change; sick to 0.25, other faults from 0.38, healthy from 0.57."""
    lost: float = 0.2
    """Smallest loss of explained variance at once; sick from 0.28, healthy runs lose nothing where these turn."""
    fallen: float = 0.1
    """Smallest fall from the height over the range; sick from 0.23, healthy runs with such a critic 0."""
    error: float = 2.0
    """Smallest jump of the value loss; sick from 2.6, healthy runs whose policy turns to 1.6."""
    turned: float = 0.12
    """Smallest turn of the entropy over its range; sick from 0.17, healthy runs with such a critic to 0.08."""
    jump: float = 6.0
    """Smallest jump of the reward per step over its spread within the two parts of the run."""
    relative: float = 0.3
    """Smallest jump over the size of the reward per step before it."""


@rule(
    severity=Severity.ERROR,
    explains=("reward-collapse", "loss-explosion", "critic-stalled", "critic-worse-than-mean", "reward-unstable"),
)
def check(
    sign_turn: Change | Missing,
    sudden_leaps: tuple[Change, ...] | Missing,
    critic_surprises: tuple[Change, ...] | Missing,
    reward_levels: tuple[Change, ...] | Missing,
    reward_change_step: Setting | Missing,
    curriculum: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    found = [sign_turn] if isinstance(sign_turn, Change) else []
    for changes in (sudden_leaps, critic_surprises, reward_levels):
        found += changes if isinstance(changes, tuple) else ()
    proven = [(change, proof) for change in found if (proof := change.proof(limits._asdict()))]
    if proven:
        change, proof = max(proven, key=lambda one: _surety(one[1]))
        plan = next((s for s in (reward_change_step, curriculum) if isinstance(s, Setting) and s.value), None)
        planned = f", as {plan.path} plans ({plan.where})" if plan else ""
        yield Finding(message=change.message + planned, evidence=proof, onset=change.step, binding=True)
    elif isinstance(reward_levels, Missing):
        yield reward_levels


def _surety(proof: tuple[Evidence, ...]) -> float:
    """That of the weakest number: each of them is needed."""
    return min(evidence.strength for evidence in proof)
