"""The reward swings over most of its range to the end.

What
    In the last third of the run the mean reward goes up and down over more than half of all it ever covered.

Why
    A symptom of steps that undo each other: each update leaves the policy far from the one before.

Evidence
    Ninth minus first decile of the last third over the range of the whole run.

Stays silent
    Runs that are still climbing or have fallen for good; rewards whose noise from episode to episode is as large.

References
    Unity-Technologies/ml-agents#1336: sudden dives of reward with spikes of the losses.
    DLR-RM/stable-baselines3#1616: KL, clipping and performance collapse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import Progress, Reward
from rundoctor.model import Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    swing: float = 0.5
    """Smallest decile range of the last third over the range of the run."""
    fall: float = 0.4
    """Smallest single fall in the last third over the range of the run."""
    over_noise: float = 4.0
    """Smallest swing over the noise of one point; white noise alone has a decile range of 2.6."""
    points: int = 12
    """Fewest updates for which a swing can be told from a slope."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(mean_progress: Progress, reward: Reward, limits: Limits = Limits()) -> Iterator[Finding | Missing]:
    progress = mean_progress
    if progress.points < limits.points:
        reason = f"{progress.points} points of reward are too few"
        yield Missing(reason=reason, log=f"keep the log of {limits.points} updates")
        return
    late = reward.latest.value[-max(4, len(reward.latest) // 3) :]
    falls = float(np.max(np.maximum.accumulate(late) - late))
    swings = progress.tail_swing > max(limits.swing * progress.span, limits.over_noise * progress.noise)
    swings = swings and falls > limits.fall * progress.span > 0
    if not swings or abs(signals.trend(late)) > 0.8:
        return
    yield Finding(
        message=f"reward swings by {progress.tail_swing:.4g} in the last third of the run",
        evidence=(
            Evidence(
                claim="swing of the last third over the range of the run",
                observed=progress.tail_swing / progress.span,
                relation=">",
                limit=limits.swing,
                where=progress.where,
            ),
        ),
        onset=int(reward.latest.step[-len(late)]),
    )
