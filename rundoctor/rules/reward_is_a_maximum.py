"""Only the best reward of each update is logged.

What
    The log has ``best_reward`` and no mean.

Why
    A maximum grows with the number of episodes it is taken over, and falls when episodes become longer and fewer fit
    into a batch, with no change in the policy.

Evidence
    The column that is there and the one that is not.

Stays silent
    Logs with a mean reward, or with episode rewards it can be computed from.

References
    docs/limits.md: what a maximum can show.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.facts.rewards import Reward
from rundoctor.model import Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(reward: Reward) -> Iterator[Finding]:
    if reward.is_maximum:
        message = "only the best reward of each update is logged; log the mean to tell a collapse from fewer episodes"
        yield Finding(message=message, where=reward.curve.source)
