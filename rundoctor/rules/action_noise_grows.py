"""The action noise grows without bound.

What
    The standard deviation of the actions is several times its first, and the reward is not at its best.

Why
    A Gaussian that is clipped at the bounds of the action pays nothing for more noise: beyond them all samples are the
    same action. An entropy bonus, or advantages of noise, then widen it without end; the entropy rises while the
    executed actions are -1 or 1.

Evidence
    Last over first standard deviation.

Stays silent
    Noise that grows by less, or while the reward reaches its best.

References
    Unity-Technologies/ml-agents#4866: the entropy rises while actions are only ever -1 or 1.
    astooke/rlpyt#124: log_std from 0 to 2.32, a deviation of 10, and actions that are always at their bounds.
    openai/baselines#371: entropy that grows over time; reward scale and clipped actions are the first to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    growth: float = 3.0
    """Smallest last over first deviation; healthy public runs shrink it, the largest growth among all is 1.4."""
    lost: float = 0.2
    """Largest share of the reward's range lost of a run at its best."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "reward-unstable"))
def check(action_std: Curve, progress: Progress | Missing, limits: Limits = Limits()) -> Iterator[Finding]:
    growth = signals.growth(action_std.value)
    at_best = isinstance(progress, Progress) and progress.improved and progress.lost_fraction < limits.lost
    if not growth > limits.growth or at_best:
        return
    first, last = signals.head(action_std.value), signals.tail(action_std.value)
    begins = signals.onset(action_std.value > limits.growth * first)
    claim = "last over first standard deviation of the actions"
    proof = Evidence(claim=claim, observed=growth, relation=">", limit=limits.growth, where=action_std.source)
    yield Finding(
        message=f"the actions' standard deviation grows from {first:.3g} to {last:.3g}",
        evidence=(proof,),
        onset=None if begins is None else int(action_std.step[begins]),
        binding=True,
    )
