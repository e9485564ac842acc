"""The reward falls from what it had reached and stays down.

What
    The last level of the mean reward lies in the lower half of the run's range, well below an earlier peak.

Why
    A symptom: steps that were too large, a critic that misleads, entropy that is gone, a reward that changed. The
    causes above it say which.

Evidence
    Share of the range lost between the peak and the end; the fall against the noise of the reward.

Stays silent
    Noise; a dip that recovers. A best reward is a maximum over episodes, which falls when fewer fit into a batch: it
    alone never shows a collapse unless it ends below everything the run began with.

References
    hill-a/stable-baselines#837: a perfect model after 100k steps, useless at the end.
    Unity-Technologies/ml-agents#1336: sudden dives of reward with spikes of the losses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    lost: float = 0.5
    """Smallest share of the run's range between peak and end; of 70 healthy public runs two lose 0.3 (docs/limits.md)
    and one 0.49, healthy ones of benchmarks/corpus 0.29 at most."""
    over_noise: float = 4.0
    """Smallest fall over the noise of one point."""
    never_rose: float = 0.4
    """Smallest fall over the peak where that is the start: running means over few episodes settle by less."""


@rule(severity=Severity.ERROR, kind=Kind.SYMPTOM)
def check(progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    fall = progress.peak - progress.last
    if not (progress.lost_fraction > limits.lost and fall > limits.over_noise * progress.noise):
        return
    if progress.peaks_early and fall < limits.never_rose * abs(progress.peak):
        return
    if progress.is_maximum and not progress.last < min(progress.first, 0.0):
        return
    yield Finding(
        message=f"reward falls from {progress.peak:.4g} at update {progress.peak_step} to {progress.last:.4g}",
        evidence=(
            Evidence(
                claim="share of the reward's range lost since its peak",
                observed=progress.lost_fraction,
                relation=">",
                limit=limits.lost,
                where=f"{progress.where}, update {progress.peak_step}",
            ),
        ),
        onset=progress.peak_step,
        against=("only a maximum over episodes is logged",) if progress.is_maximum else (),
    )
