"""The action noise is so large that the actions are the bounds.

What
    The standard deviation of the actions is several times its first, or several times the one that trainers begin with,
    and the reward is not at its best.

Why
    A Gaussian that is clipped at the bounds of the action pays nothing for more noise: beyond them all samples are the
    same action, and what the policy means is drowned. An entropy bonus, or advantages of noise, then widen it without
    end; the entropy rises while the executed actions are -1 or 1.

Evidence
    Last over first standard deviation; the last one over 1, where Stable-Baselines3, CleanRL, rsl_rl and skrl begin.

Stays silent
    Noise that grows by less, or while the reward reaches its best.

References
    Unity-Technologies/ml-agents#4866: the entropy rises while actions are only ever -1 or 1.
    astooke/rlpyt#124: log_std from 0 to 2.32, a deviation of 10, and actions that are always at their bounds.
    openai/baselines#371: entropy that grows over time; reward scale and clipped actions are the first to check.
    Stable-Baselines3 2.9.2, common/policies.py: log_std_init 0, a deviation of 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Missing, Severity
from rundoctor.rules import rule

USUAL_START = 1.0
"""Deviation with which trainers begin, in the unit of the policy's output."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    growth: float = 3.0
    """Smallest last deviation over the first, or over the usual start; healthy public runs shrink it, and the largest
    growth among all is 1.4."""
    lost: float = 0.2
    """Largest share of the reward's range lost of a run at its best."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "reward-unstable"))
def check(action_std: Curve, progress: Progress | Missing, limits: Limits = Limits()) -> Iterator[Finding]:
    first, last = signals.head(action_std.value), signals.tail(action_std.value)
    at_best = isinstance(progress, Progress) and progress.improved and progress.lost_fraction < limits.lost
    start = min(first, USUAL_START)
    if not last > limits.growth * start > 0 or at_best:
        return
    begins = signals.onset(action_std.value > limits.growth * start)
    claim = f"last standard deviation of the actions over {start:.3g}, " + (
        "the first" if first <= USUAL_START else "where trainers begin"
    )
    proof = Evidence(claim=claim, observed=last / start, relation=">", limit=limits.growth, where=action_std.source)
    yield Finding(
        message=f"the actions' standard deviation goes from {first:.3g} to {last:.3g}",
        evidence=(proof,),
        onset=None if begins is None else int(action_std.step[begins]),
        binding=True,
    )
