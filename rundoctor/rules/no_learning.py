"""The reward does not move.

What
    The mean reward ends where it began, within its own noise, and was never clearly higher.

Why
    A symptom: a policy that gets no signal or cannot follow it. Losses can look perfect meanwhile.

Evidence
    Gain from the first to the last level over the noise; rank correlation with time.

Stays silent
    Slow but steady gains; runs too short to tell; runs that begin at their best, paid alike for
    every step of episodes at full length.

References
    openai/large-scale-curiosity#20: an episode reward that never goes up.
    Unity ML-Agents, Using-Tensorboard.md (08f160d): the reward should increase during a successful session.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule

SAME_PAY = 0.05
"""Largest relative spread of a reward per step that pays for staying alive alone."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    gain: float = 2.0
    """Largest gain over the noise of one point; healthy runs of benchmarks/corpus gain 2.2 and more."""
    reached: float = 8.0
    """Largest height ever reached over that noise: what rose more and fell again has learned."""
    trend: float = 0.5
    """Largest rank correlation with time; a healthy public run that begins at its best has 0.51."""
    points: int = 8
    """Fewest updates that can show it."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(
    mean_progress: Progress,
    step_reward: Curve | Missing,
    episode_steps: Curve | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    progress = mean_progress
    if progress.points < limits.points:
        reason = f"{progress.points} points of reward are too few"
        yield Missing(reason=reason, log=f"keep the log of {limits.points} updates")
        return
    if progress.trend > limits.trend:
        return
    begin = min(progress.start, progress.origin)
    gain, reached = progress.last - begin, progress.peak - begin
    if gain > limits.gain * progress.noise or reached > limits.reached * progress.noise:
        return
    if _at_its_best(step_reward, episode_steps):
        return
    yield Finding(
        message=f"reward never rises beyond its noise: it begins at {progress.start:.4g} and ends at "
        f"{progress.last:.4g}, {progress.points} updates later",
        evidence=(
            Evidence(
                claim="rank correlation of the reward with time",
                observed=progress.trend,
                relation="<=",
                limit=limits.trend,
                where=progress.where,
            ),
        ),
        onset=progress.first_step,
    )


def _at_its_best(reward: Curve | Missing, steps: Curve | Missing) -> bool:
    """Whether every step pays the same and most updates have episodes of the longest length: a solved task."""
    if isinstance(reward, Missing) or isinstance(steps, Missing):
        return False
    pay = signals.median(reward.value)
    return float(np.ptp(reward.value)) < SAME_PAY * pay and signals.median(steps.value) >= float(steps.value.max())
