"""From scores to verdicts: paired differences against the control, as shares of what the reference improves.

A difference is called after its interval, simultaneous over the arms (Student's t over the pairs, Bonferroni over the
arms): helps above +5 %, hurts below -5 %, no-difference inside, else inconclusive; the same on every task that counts.
Scores are interquartile means with bootstrap intervals over seeds and tasks (Agarwal et al. 2021, arXiv:2108.13264,
section 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rundoctor.model.replay import Arm, Difference, Effect, Score

MARGIN = 0.05
"""Share of the reference's improvement below which a difference does not matter."""
LEVEL = 0.05
"""Probability that any of the intervals misses."""
FEWEST_PAIRS = 10
"""Pairs below which no verdict is given."""
RESAMPLES = 2000
BEYOND = 2.0
"""Scores are kept within this many times the reference's improvement: one seed that falls off a cliff is one seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the arms scored on one task."""

    task: str
    by_arm: Mapping[str, np.ndarray]
    """Mean return at the end, one a seed. [seeds]."""
    control: Mapping[str, np.ndarray]
    """The control's at the update until which the arm was trained. [seeds]."""
    untrained: float
    reference: float
    """The reference's mean."""
    at: Mapping[str, int]
    """Updates that the arm was trained for."""

    def shares(self, scores: np.ndarray) -> np.ndarray:
        """0 is untrained, 1 the reference."""
        shares = (scores - self.untrained) / (self.reference - self.untrained)
        within: np.ndarray = np.clip(np.nan_to_num(shares, nan=-BEYOND), -BEYOND, 1 + BEYOND)
        return within


def difference(scores: Scores, arm: str, arms: int) -> tuple[Difference, Effect]:
    """One task: the paired difference of an arm to the control, and what it is called."""
    pairs = scores.shares(scores.by_arm[arm]) - scores.shares(scores.control[arm])
    mean, spread, n = float(pairs.mean()), float(pairs.std(ddof=1)) if len(pairs) > 1 else np.inf, len(pairs)
    half = float(stats.t.ppf(1 - LEVEL / arms / 2, max(n - 1, 1))) * spread / np.sqrt(n) if spread else 0.0
    found = Difference(mean=mean, low=mean - half, high=mean + half)
    return found, called(found) if n >= FEWEST_PAIRS else Effect.INCONCLUSIVE


def called(found: Difference) -> Effect:
    """The name of an interval."""
    if found.low > MARGIN:
        return Effect.HELPS
    if found.high < -MARGIN:
        return Effect.HURTS
    return Effect.NO_DIFFERENCE if found.low >= -MARGIN and found.high <= MARGIN else Effect.INCONCLUSIVE


def together(found: Sequence[tuple[Difference, Effect]]) -> tuple[Difference, Effect]:
    """All tasks: the mean difference, the widest interval, and the verdict where all tasks agree."""
    differences, effects = zip(*found, strict=True)
    widest = Difference(
        mean=float(np.mean([one.mean for one in differences])),
        low=min(one.low for one in differences),
        high=max(one.high for one in differences),
    )
    return widest, effects[0] if len(set(effects)) == 1 else Effect.INCONCLUSIVE


def interquartile(shares: np.ndarray, seed: int) -> Score:
    """The interquartile mean of shares [n], and its percentile bootstrap interval."""

    def middle(values: np.ndarray, axis: int = -1) -> np.ndarray:
        trimmed: np.ndarray = stats.trim_mean(values, 0.25, axis=axis)
        return trimmed

    iqm = float(middle(shares))
    if len(shares) < 2 or not np.ptp(shares):
        return Score(iqm=iqm, low=iqm, high=iqm)
    interval = stats.bootstrap(
        (shares,), middle, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(seed)
    ).confidence_interval
    return Score(iqm=iqm, low=float(interval.low), high=float(interval.high))


def compared_arms(arms: Sequence[Arm]) -> int:
    """Over how many arms the intervals are simultaneous: all but the control, the reference and the random patch."""
    return max(1, sum(arm in (Arm.FIX, Arm.PLACEBO) for arm in arms))
