"""The policy hardly moves while the reward is not level.

What
    The approximate KL of an update is, in the median, below half a thousandth of a nat.

Why
    A symptom: a learning rate that moves nothing, or a critic whose gradient takes the whole update. A converged policy
    stands still, too, but then its reward is level at its best.

Evidence
    Median KL of an update; clip fraction near zero.

Stays silent
    A reward that is level at its best: convergence. A reward that climbs to the end, unless
    the KL is far below. A KL of exactly zero throughout:
    a placeholder, nobody measured it.

References
    DLR-RM/stable-baselines3#2240: clip fraction near zero beside a value loss of 738k.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: KL below half of 0.01 is too little, and raises the rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import STARVED_KL, PolicyMotion
from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    frozen: float = 2e-4
    """Largest median KL that is too little even while the reward climbs: it could climb faster."""
    climbing: float = 0.8
    """Smallest rank correlation of the reward with time that shows that it moves far enough."""
    touched: float = 0.01
    """Smallest clip fraction that shows samples at the trust region."""
    still: float = STARVED_KL
    """Largest median KL of an update, in nats; see ``facts/policy.py``."""
    level: float = 0.05
    """Largest share of the reward's range lost of a reward that is at its best."""
    over_noise: float = 4.0
    """Largest swing of the last third over the noise of one point; white noise alone has a decile range of 2.6."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(policy_motion: PolicyMotion, progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    level = progress.tail_swing <= limits.over_noise * progress.noise
    converged = progress.at_best(limits.level) and level
    climbs = progress.improved and progress.trend > limits.climbing and policy_motion.median > limits.frozen
    touched = policy_motion.clip_fraction is not None and policy_motion.clip_fraction > limits.touched
    if not policy_motion.median < limits.still or touched or converged or climbs:
        return
    claim = "median KL of an update (nat)"
    yield Finding(
        message=f"an update moves the policy by only {policy_motion.median:.3g} nat",
        evidence=(
            Evidence(
                claim=claim, observed=policy_motion.median, relation="<", limit=limits.still, where=policy_motion.where
            ),
        ),
        onset=policy_motion.starved_from,
    )
