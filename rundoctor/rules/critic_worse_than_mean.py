"""The critic is worse than the mean of the returns.

What
    Explained variance is below zero for the second half of a run that does not get better.

Why
    A symptom: values that vary, but not with the returns. Each advantage then carries more noise than it would without
    a critic. A clipped or lagging critic says about nothing and has zero; less than that takes values that move away.

Evidence
    Median explained variance of the second half.

Stays silent
    The first half, in which the critic begins; single updates; a reward that rises to its best all the same.

References
    openai/baselines#454: explained variance negative at times on Atari; look at a rolling mean.
    Stable-Baselines3 2.9.2, ppo/ppo.py: values of the rollout against its returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    below: float = -0.1
    """Highest median explained variance; no healthy public run of 21 that log it is below zero."""
    points: int = 20
    """Fewest updates, so that the second half is no beginning."""
    lost: float = 0.2
    """Largest share of the reward's range lost of a run at its best."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(
    explained_variance: Curve, progress: Progress | Missing, limits: Limits = Limits()
) -> Iterator[Finding | Missing]:
    if len(explained_variance) < limits.points:
        reason = f"{len(explained_variance)} updates are too few"
        yield Missing(reason=reason, log=f"keep the log of {limits.points} updates")
        return
    at_best = isinstance(progress, Progress) and progress.at_best(limits.lost)
    level = signals.median(explained_variance.value[len(explained_variance) // 2 :])
    if at_best or not level < limits.below:
        return
    begins = signals.onset(explained_variance.value < limits.below)
    claim = "median explained variance of the second half"
    where = explained_variance.source
    yield Finding(
        message=f"explained variance is {level:.2g}: the critic is worse than the mean of the returns",
        evidence=(Evidence(claim=claim, observed=level, relation="<", limit=limits.below, where=where),),
        onset=None if begins is None else int(explained_variance.step[begins]),
    )
