"""No episode ends any more: the losses are logged and the reward is not.

What
    The reward is missing from some update on while the updates go on, after a policy that lost its randomness or
    its reward.

Why
    A trainer writes a reward when an episode ends. A policy that stands still, or that hides from what would end its
    episode, fills every rollout without an end, and the log of the reward stops where the run failed.

Evidence
    Share of the updates after the last reward; the same over the longest wait between two rewards before.

Stays silent
    Rewards that are as rare at the end as before; a policy that keeps its randomness and is at its best, such as one
    that balances for ever.

References
    Unity-Technologies/ml-agents#281: entropy zero, reward and length constant.
    Unity ML-Agents, Using-Tensorboard.md (08f160d): the cumulative reward is the mean over the episodes that ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import EntropyLevel
from rundoctor.facts.reward_end import RewardEnd
from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share_after: float = 0.25
    """Smallest share of the updates after the last reward; none of the public runs read here is above 0.02, but one of
    self-play with 0.18."""
    waits: float = 5.0
    """Smallest number of the longest waits before; ours: rare episodes come at uneven times."""
    kept: float = 0.01
    """Largest share of the first entropy that is as good as none; a tenth of ``entropy-collapse``."""
    lost: float = 0.2
    """Smallest share of the reward's range lost, as of ``entropy-collapse``."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(
    reward_end: RewardEnd,
    progress: Progress | Missing,
    entropy_level: EntropyLevel | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    frozen = isinstance(entropy_level, EntropyLevel) and entropy_level.kept < limits.kept
    worse = isinstance(progress, Progress) and not progress.at_best(limits.lost)
    if not (frozen or worse):
        return
    if reward_end.share_after < limits.share_after or reward_end.waits < limits.waits:
        return
    yield Finding(
        message=f"no episode has ended since update {reward_end.step}: "
        f"{reward_end.share_after:.0%} of the updates have no reward",
        evidence=(
            Evidence(
                claim="share of the updates after the last reward",
                observed=reward_end.share_after,
                relation=">=",
                limit=limits.share_after,
            ),
            Evidence(
                claim="the same over the longest wait for a reward before",
                observed=reward_end.waits,
                relation=">=",
                limit=limits.waits,
            ),
        ),
        onset=reward_end.step,
    )
