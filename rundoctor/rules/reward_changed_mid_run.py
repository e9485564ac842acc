"""The reward changed its meaning during the run.

What
    From one update to the next the same behaviour is paid differently: a curriculum stage, a reward weight, a change in
    the environment.

Why
    The critic has learned the old reward and errs at once; the policy is then trained on advantages of that error. A
    falling reward after such a step says nothing of the policy.

Evidence
    A component's reward per step that jumps between two levels; or, without components, a reward per step that was
    steady while the behaviour changed, and then leaves its level; or a mean reward that falls below everything seen
    before from one update to the next, while KL and episode length say that the policy is the same. It counts against
    the run where it cannot be the policy's doing: every step was paid alike before, or the config plans a change.

Stays silent
    Rewards that change as gradually as the policy does. A jump of a reward that varies within episodes is a hazard: a
    goal suddenly reached looks the same.

References
    Unity-Technologies/ml-agents#1807: after some lessons the agents forget what they had learnt.
    Unity-Technologies/ml-agents#1383: a reward changed by a curriculum is like pausing, editing it and resuming.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.fall import RewardFall
from rundoctor.facts.regime import RewardStep
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
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


@rule(
    severity=Severity.ERROR,
    explains=("reward-collapse", "loss-explosion", "critic-stalled", "critic-worse-than-mean", "reward-unstable"),
)
def check(
    reward_step: RewardStep | Missing,
    reward_fall: RewardFall | Missing,
    reward_change_step: Setting | Missing,
    curriculum: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if isinstance(reward_fall, RewardFall) and reward_fall.ratio > limits.fall and reward_fall.below > limits.below:
        yield Finding(
            message=f"mean reward goes from {reward_fall.before:.4g} to {reward_fall.after:.4g} at update "
            f"{reward_fall.step}, while the policy stays what it was",
            evidence=reward_fall.evidence(limits.fall, limits.below),
            onset=reward_fall.step,
            binding=True,
        )
        return
    if isinstance(reward_step, Missing):
        yield reward_step
        return
    plan = next((s for s in (reward_change_step, curriculum) if isinstance(s, Setting) and s.value), None)
    if reward_step.jump > limits.jump and reward_step.relative > limits.relative:
        yield _stepped(reward_step, plan, limits)


def _stepped(reward_step: RewardStep, plan: Setting | None, limits: Limits) -> Finding:
    return Finding(
        message=f"{reward_step.name} goes from {reward_step.before:.3g} to {reward_step.after:.3g} a step "
        f"at update {reward_step.step}" + (f", as {plan.path} plans ({plan.where})" if plan else ""),
        evidence=(
            Evidence(
                claim=f"jump of {reward_step.name} per step over its spread before and after",
                observed=min(reward_step.jump, 1e6),
                relation=">",
                limit=limits.jump,
                where=f"{reward_step.where}, update {reward_step.step}",
            ),
            Evidence(
                claim="size of the jump over the reward per step before it",
                observed=reward_step.relative,
                relation=">",
                limit=limits.relative,
                where=reward_step.where,
            ),
        ),
        onset=reward_step.step,
        binding=reward_step.of_the_task or plan is not None,
    )
