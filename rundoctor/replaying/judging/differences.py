"""From scores to verdicts: paired differences against the control, as shares of what the reference improves.

A difference is called after its interval, which holds for all arms together: helps above +5 %, hurts below -5 %,
no-difference inside, else inconclusive; the same on every task that counts.
Scores are interquartile means with bootstrap intervals over seeds and tasks (Agarwal et al. 2021, arXiv:2108.13264,
section 4.3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from rundoctor.model.replay import Difference, Effect, Score
from rundoctor.replaying.judging.scores import Scores

MARGIN = 0.05
"""Share of the reference's improvement below which a difference does not matter."""
LEVEL = 0.05
"""Probability that any of the intervals misses."""
FEWEST_PAIRS = 10
"""Pairs below which no verdict is given."""
RESAMPLES = 2000
ROUNDING = 1e-9
"""Standard error over the largest residual below which a flip has none: two pairs flipped against each other."""


def differences(scores: Scores, arms: Sequence[str]) -> dict[str, Difference]:
    """One world: the paired differences of arms to the control, with intervals that hold together.

    Mean +- c x standard error, c the quantile of the largest |t| over the arms when the signs of all arms' residuals
    are flipped together, seed by seed: arms that share seeds and a control err together, which Bonferroni would ignore.
    """
    if not arms:
        return {}
    pairs = np.stack([scores.shares(scores.by_arm[arm]) - scores.shares(scores.control[arm]) for arm in arms])
    half = _largest_t(pairs) * stats.sem(pairs, axis=1)
    return {
        arm: Difference(mean=float(mean), low=float(mean - width), high=float(mean + width))
        for arm, mean, width in zip(arms, pairs.mean(1), half, strict=True)
    }


def _largest_t(pairs: np.ndarray) -> float:
    """The quantile c for differences [arms, seeds]; never below that of a single arm."""
    n = pairs.shape[1]
    alone = float(stats.t.ppf(1 - LEVEL / 2, n - 1))
    residuals = pairs - pairs.mean(1, keepdims=True)
    moving = residuals[np.ptp(residuals, axis=1) > 0]
    if not len(moving):
        return alone
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(RESAMPLES, 1, n))
    flipped = signs * moving
    error = stats.sem(flipped, axis=-1)
    t = np.divide(
        np.abs(flipped.mean(-1)), error, out=np.zeros_like(error), where=error > ROUNDING * np.abs(moving).max()
    )
    return max(alone, float(np.quantile(t.max(1), 1 - LEVEL)))


def verdict(found: Difference, seeds: int) -> Effect:
    """What an interval over so many seeds is called."""
    return called(found) if seeds >= FEWEST_PAIRS else Effect.INCONCLUSIVE


def called(found: Difference) -> Effect:
    """The name of an interval."""
    if found.low > MARGIN:
        return Effect.HELPS
    if found.high < -MARGIN:
        return Effect.HURTS
    return Effect.NO_DIFFERENCE if found.low >= -MARGIN and found.high <= MARGIN else Effect.INCONCLUSIVE


def together(found: Sequence[Difference], seeds: int) -> tuple[Difference, Effect]:
    """All worlds: the mean difference, the widest interval, and the verdict where all worlds agree."""
    effects = {verdict(one, seeds) for one in found}
    widest = Difference(
        mean=float(np.mean([one.mean for one in found])),
        low=min(one.low for one in found),
        high=max(one.high for one in found),
    )
    return widest, effects.pop() if len(effects) == 1 else Effect.INCONCLUSIVE


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
