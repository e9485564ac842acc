"""Which updates the policy went through without becoming another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rundoctor.facts import fact
from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.step_size import StepExcess
from rundoctor.model import Curve, Missing

if TYPE_CHECKING:
    from rundoctor.model import Floats

SAME_LENGTH = 0.25
"""Largest relative change of the episode length between two updates of one behaviour."""

SLACK = 2.0
"""KL over the usual limit that is no leap: what then happens at once to the critic is not the policy's doing."""


class SteadyPolicy(NamedTuple):
    """What the KL of an update and the length of episodes say of the policy."""

    motion: Curve
    """KL of an update, nat."""
    kl_limit: float
    lengths: Curve | None
    """Steps of an episode, mean by update; None where they are not logged."""

    def moved_little(self, first: int, last: int, slack: float = 1.0) -> bool:
        """Whether every update from one to the other stays below the limit; without one in the log, nobody knows."""
        between = (self.motion.step >= first) & (self.motion.step <= last)
        return bool(between.any()) and float(self.motion.value[between].max()) <= slack * self.kl_limit

    def stays_around(self, step: int, updates: int) -> bool:
        """Whether so many updates before a step, and from it on, are none of them a leap."""
        return self.moved_little(step - updates, step + updates - 1, SLACK)

    def as_long(self, first: int, last: int) -> bool:
        """Whether the episodes of two updates last about equally long, where that is logged."""
        if self.lengths is None:
            return True
        known: Floats = self.lengths.value[(self.lengths.step == first) | (self.lengths.step == last)]
        return len(known) == 2 and bool(abs(known[1] - known[0]) <= SAME_LENGTH * known[0])


@fact
def steady_policy(policy_motion: PolicyMotion, step_excess: StepExcess, episode_steps: Curve | Missing) -> SteadyPolicy:
    lengths = episode_steps if isinstance(episode_steps, Curve) else None
    return SteadyPolicy(policy_motion.curve, step_excess.kl_limit, lengths)
