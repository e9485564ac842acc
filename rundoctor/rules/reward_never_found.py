"""The reward that the task is about was never found.

What
    Nearly every update has exactly the run's lowest reward, which is zero or a cost: no episode ever earned anything.

Why
    Where all episodes pay alike, advantages are the critic's noise, standardised to one. The policy drifts, and drifts
    less and less at random, so the longer it lasts the less likely the goal is met by chance.

Evidence
    Share of the updates at the lowest reward.

Stays silent
    Rewards that vary, however little; a constant reward above zero, which is the most a solved task can pay; a reward
    that is found in the end.

References
    RobertTLange/gymnax-blines#5: sparse tasks on which actor-critic methods fail for want of exploration.
    openai/baselines#280: exploration in PPO; pay for states that are visited less, raise the entropy weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import Reward
from rundoctor.model import Evidence, Finding, Severity
from rundoctor.rules import rule

SAME = 1e-6
"""Relative difference below which two rewards are the same number."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share: float = 0.9
    """Smallest share of the updates at the lowest reward."""
    points: int = 8
    """Fewest updates that can show it."""


@rule(severity=Severity.WARNING, explains=("no-learning", "critic-stalled"))
def check(reward: Reward, limits: Limits = Limits()) -> Iterator[Finding]:
    values = reward.latest.value
    lowest = float(values.min())
    at_lowest = values - lowest <= SAME * abs(lowest)
    share = float(at_lowest.mean())
    if (
        len(values) < limits.points
        or lowest > 0
        or not share > limits.share
        or signals.tail(values) > values[at_lowest].max()
    ):
        return
    claim = f"share of the updates with the lowest reward, {lowest:.4g}"
    proof = Evidence(claim=claim, observed=share, relation=">", limit=limits.share, where=reward.curve.source)
    yield Finding(
        message=f"{int(np.sum(at_lowest))} of {len(values)} updates earn exactly {lowest:.4g}: no action is better",
        evidence=(proof,),
        binding=True,
        onset=int(reward.latest.step[0]),
    )
