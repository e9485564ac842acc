"""The action noise is so large that the actions are the bounds.

What
    The policy begins with a standard deviation several times the one that trainers begin with; or the deviation grows
    to several times its first, and the reward is not at its best.

Why
    A Gaussian that is clipped at the bounds of the action pays nothing for more noise: beyond them all samples are the
    same action, and what the policy means is drowned. Of actions in [-1, 1] a deviation of 1 clips 32 %, one of 4
    already 80 %. An entropy bonus, or advantages of noise, widen it without end while the executed actions are -1 or 1.

Evidence
    The first deviation, from the config or the log; last over first standard deviation; the last one over 1, where
    Stable-Baselines3, CleanRL, rsl_rl and skrl begin.

Stays silent
    Noise that grows by less, or while the reward reaches its best. Noise that has come down to the usual is a hazard.

References
    Unity-Technologies/ml-agents#4866: the entropy rises while actions are only ever -1 or 1.
    astooke/rlpyt#124: log_std from 0 to 2.32, a deviation of 10, and actions that are always at their bounds.
    openai/baselines#371: entropy that grows over time; reward scale and clipped actions are the first to check.
    Stable-Baselines3 2.9.2, common/policies.py: log_std_init 0, a deviation of 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule

USUAL_START = 1.0
"""Deviation with which trainers begin, in the unit of the policy's output."""
LARGEST = 88.0
"""Logarithm from which a deviation is no single-precision number: networks compute with infinity then."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    growth: float = 3.0
    """Smallest last deviation over the first, or over the usual start; in healthy public runs it grows 1.4 times."""
    lost: float = 0.2
    """Largest share of the reward's range lost of a run at its best."""
    wide: float = 3.0
    """Smallest first deviation: the widest healthy development runs begin at e^0.7 = 2, those that the noise spoils at
    4.4 and more (benchmarks/corpus)."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "reward-unstable", "policy-frozen"))
def check(
    action_std: Curve | Missing,
    log_std_init: Setting | Missing,
    progress: Progress | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if isinstance(log_std_init, Setting):
        first, where = math.exp(min(log_std_init.value, LARGEST)), log_std_init.where
    elif isinstance(action_std, Curve):
        first, where = float(action_std.value[0]), action_std.source
    else:
        yield Missing(reason="the deviation of the actions is not logged", log="log action_std per update")
        return
    if first > limits.wide:
        claim = f"standard deviation that the actions begin with, where trainers begin with {USUAL_START:g}"
        least = "at least " if isinstance(log_std_init, Setting) and log_std_init.value > LARGEST else ""
        yield Finding(
            message=f"the actions begin with a deviation of {least}{first:.3g}, which clips "
            f"{math.erfc(math.sqrt(0.5) / first):.0%} of those that may be -1 to 1",
            evidence=(Evidence(claim=claim, observed=first, relation=">", limit=limits.wide, where=where),),
            onset=int(action_std.step[0]) if isinstance(action_std, Curve) else None,
            binding=True,
            acquitted=isinstance(action_std, Curve) and signals.tail(action_std.value) <= USUAL_START,
            about="log_std_init",
        )
    elif isinstance(action_std, Curve):
        yield from _grown(action_std, progress, limits)


def _grown(action_std: Curve, progress: Progress | Missing, limits: Limits) -> Iterator[Finding]:
    first, last = signals.head(action_std.value), signals.tail(action_std.value)
    at_best = isinstance(progress, Progress) and progress.at_best(limits.lost)
    start = min(first, USUAL_START)
    if not last > limits.growth * start > 0 or at_best:
        return
    begins = signals.onset(action_std.value > limits.growth * start)
    claim = f"last standard deviation of the actions over the first, or over {USUAL_START:g} where that is less"
    proof = Evidence(claim=claim, observed=last / start, relation=">", limit=limits.growth, where=action_std.source)
    yield Finding(
        message=f"the actions' standard deviation goes from {first:.3g} to {last:.3g}",
        evidence=(proof,),
        onset=None if begins is None else int(action_std.step[begins]),
        binding=True,
    )
