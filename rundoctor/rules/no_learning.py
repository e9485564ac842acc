"""The reward does not move.

What
    The mean reward ends where it began, within its own noise, and was never clearly higher.

Why
    A symptom: a policy that gets no signal or cannot follow it. Losses can look perfect meanwhile.

Evidence
    Gain from the first to the last level over the noise; rank correlation with time.

Stays silent
    Slow but steady gains; runs too short to tell; runs that begin at their best, where nothing is left to learn.

References
    openai/large-scale-curiosity#20: an episode reward that never goes up.
    Unity ML-Agents, Using-Tensorboard.md (08f160d): the reward should increase during a successful session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


@dataclass(frozen=True)
class Limits:
    """Thresholds of this rule."""

    gain: float = 2.0
    """Largest gain over the noise of one point."""
    trend: float = 0.5
    """Largest rank correlation with time."""
    points: int = 8
    """Fewest updates that can show it."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    if progress.is_maximum or progress.points < limits.points or progress.trend > limits.trend:
        return
    gain, reached = abs(progress.last - progress.start), progress.peak - progress.start
    if gain > limits.gain * progress.noise or reached > 2 * limits.gain * progress.noise:
        return
    yield Finding(
        message=f"reward stays at {progress.last:.4g} (it began at {progress.start:.4g}) for {progress.points} updates",
        evidence=(
            Evidence(
                claim="rank correlation of the reward with time",
                observed=progress.trend,
                relation="<=",
                limit=limits.trend,
                where=progress.where,
            ),
        ),
        onset=0,
    )
