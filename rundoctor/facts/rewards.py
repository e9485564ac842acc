"""The reward over the run: the best curve there is, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.moments import Moments
from rundoctor.facts.rollout import EpisodesByUpdate
from rundoctor.facts.session import latest
from rundoctor.model import Curve, Interval, Missing, Run

if TYPE_CHECKING:
    from rundoctor.model import Floats


class Reward(NamedTuple):
    """Episode reward by update."""

    curve: Curve
    is_maximum: bool
    """True for ``best_reward``: a maximum over episodes, which grows with their number and falls without a cause."""
    latest: Curve
    """The curve of the last session alone, where that is long enough: a resumed run may have another task."""


@fact
def reward(
    run: Run, reward_mean: Curve | Missing, episodes_by_update: EpisodesByUpdate | Missing, reward_best: Curve | Missing
) -> Reward | Missing:
    """The mean reward per episode where it is logged or can be computed, else the best reward."""
    if isinstance(reward_mean, Curve):
        return Reward(reward_mean, False, latest(run, reward_mean))
    if isinstance(episodes_by_update, EpisodesByUpdate) and run.episodes is not None:
        total = run.episodes.components.get("total_reward")
        mean = episodes_by_update.mean(total.total) if total is not None else np.array([np.nan])
        known = np.isfinite(mean)
        if known.any():
            steps = episodes_by_update.steps[known]
            computed = Curve.from_points("reward_mean", steps, mean[known], run.episodes.source)
            return Reward(computed, False, latest(run, computed))
    if isinstance(reward_best, Curve):
        return Reward(reward_best, True, latest(run, reward_best))
    return Missing(reason="no reward is logged", log="log the mean episode reward per update")


class Progress(NamedTuple):
    """What became of the reward. All numbers are levels in reward units."""

    start: float
    """Median of the first tenth, three points at most: where the run began."""
    origin: float
    """The same of the whole log, earlier sessions included."""
    first: float
    """Level of the first fifth."""
    peak: float
    """Highest smoothed level."""
    peak_step: int
    """Last update at the height of the peak: a fall begins there, however long the plateau before it."""
    peaks_early: bool
    """Whether the peak lies in the first fifth: the reward never rose, it only fell."""
    last: float
    """Level of the last fifth."""
    span: float
    """Highest minus lowest smoothed level."""
    noise: float
    """Standard deviation of one point around the slow part."""
    tail_swing: float
    """Ninth minus first decile of the last third; white noise alone gives 2.6 times ``noise``."""
    trend: float
    """Rank correlation with time."""
    points: int
    first_step: int
    """Update of the first point."""
    is_maximum: bool
    where: str

    @property
    def improved(self) -> bool:
        """Whether the last level is above the first by more than noise and drift can make it."""
        return self.last - self.first > 2 * self.noise and self.trend > 0

    @property
    def lost_fraction(self) -> float:
        """Share of the run's whole range that lies between the peak and the end."""
        return (self.peak - self.last) / self.span if self.span > 0 else 0.0

    def at_best(self, lost: float) -> bool:
        """Whether it has risen and lost less than this share of its range again."""
        return self.improved and self.lost_fraction < lost


@fact
def progress(reward: Reward) -> Progress | Missing:
    values = reward.latest.value
    if len(values) < 4:
        return Missing(reason=f"{len(values)} points of reward are too few", log="keep the log of at least 4 updates")
    slow = signals.smooth(values)
    highest = int(slow.argmax())
    late = values[-max(3, len(values) // 3) :]
    low, high = signals.quantile(late, 0.1), signals.quantile(late, 0.9)
    return Progress(
        start=_begin(values),
        origin=_begin(reward.curve.value),
        first=signals.head(values),
        peak=float(slow.max()),
        peak_step=int(reward.latest.step[np.flatnonzero(values >= slow.max())[-1]]),
        peaks_early=highest < signals.window(len(values)),
        last=signals.tail(values),
        span=float(np.ptp(slow)),
        noise=signals.noise(values),
        tail_swing=float(high - low),
        trend=signals.trend(values),
        points=len(values),
        first_step=int(reward.latest.step[0]),
        is_maximum=reward.is_maximum,
        where=reward.curve.source,
    )


def _begin(values: Floats) -> float:
    return signals.median(values[: min(3, max(2, len(values) // 10))])


@fact
def mean_progress(progress: Progress) -> Progress | Missing:
    """What became of the mean reward; a maximum over episodes does not say."""
    if progress.is_maximum:
        return Missing(reason="only the best reward is logged", log="log the mean episode reward per update")
    return progress


@fact
def step_reward(
    reward: Reward, episode_steps: Curve, episodes_by_update: EpisodesByUpdate | Missing
) -> Curve | Missing:
    """Mean reward of one step by update; of the best episode where only maxima are logged."""
    grouped = isinstance(episodes_by_update, EpisodesByUpdate) and not episodes_by_update.matched
    if grouped and reward.curve.source != episode_steps.source:
        return Missing(reason="episodes cannot be matched with updates", log="log the episode counter per update")
    common, left, right = np.intersect1d(reward.curve.step, episode_steps.step, return_indices=True)
    lengths = episode_steps.value[right]
    if not len(common) or not (lengths > 0).all():
        return Missing(reason="reward and episode length have no update in common")
    curve = Curve.from_points("step_reward", common, reward.curve.value[left] / lengths, reward.curve.source)
    return curve if len(curve) else Missing(reason="the reward of a step is too large for a number")


class ReturnScale(NamedTuple):
    """Root-mean-square size of the critic's targets by update, in reward units.

    For a reward r per step and episodes of L steps a target is between r (1 - (gamma lambda)^k) / (1 - gamma lambda),
    what GAE gives while the critic still says zero, and r (1 - gamma^k) / (1 - gamma), what it gives once the critic
    is right, with k = 1..L steps to go (GAE: Schulman et al. 2016, arXiv:1506.02438).
    """

    step: np.ndarray
    low: Floats
    """With a critic of zero. Shape [n]."""
    high: Floats
    """With a perfect critic. Shape [n]."""
    where: str
    is_maximum: bool
    changes_sign: bool
    """Whether the mean reward of a step goes from clearly negative to clearly positive or back: around zero its mean
    says nothing of its size."""
    measured: bool = False
    """Whether it is that of the logged returns, in the critic's unit."""

    def last(self) -> Interval:
        """The scale at the end of the run."""
        return Interval(low=signals.tail(self.low), high=signals.tail(self.high))

    def first(self) -> Interval:
        """The scale at its start."""
        return Interval(low=signals.head(self.low), high=signals.head(self.high))


@fact
def return_scale(
    step_reward: Curve, episode_steps: Curve, reward: Reward, discounts: Discounts
) -> ReturnScale | Missing:
    common, left, right = np.intersect1d(step_reward.step, episode_steps.step, return_indices=True)
    size, length = np.abs(step_reward.value[left]), episode_steps.value[right]
    return ReturnScale(
        step=common,
        low=size * _mean_square_horizon(discounts.gamma * discounts.gae_lambda, length),
        high=size * _mean_square_horizon(discounts.gamma, length),
        where=reward.curve.source,
        is_maximum=reward.is_maximum,
        changes_sign=_changes_sign(step_reward.value),
    )


@fact
def target_scale(moments: Moments | Missing, return_scale: ReturnScale | Missing) -> ReturnScale | Missing:
    """The size of the critic's targets in its own unit where it is logged, else what follows from the rewards."""
    if isinstance(moments, Missing):
        return return_scale
    return ReturnScale(moments.step, moments.size, moments.size, moments.where, False, False, measured=True)


CLEARLY = 0.1
"""Share of the largest size from which a mean counts as of that sign."""


def _changes_sign(values: Floats) -> bool:
    clear = CLEARLY * float(np.abs(values).max(initial=0.0))
    return bool((values > clear).any() and (values < -clear).any())


UNDISCOUNTED = 1e-4
"""Loss of weight over an episode below which the sums are those of no discount, and their differences only rounding."""


def _mean_square_horizon(decay: float, length: Floats) -> Floats:
    """Root mean square of (1 - d^k) / (1 - d) over k = 1..L, the steps to go from each step of an episode."""
    if (1 - decay) * float(np.max(length, initial=0.0)) < UNDISCOUNTED:
        return np.sqrt((length + 1) * (2 * length + 1) / 6)
    first = decay * (1 - decay**length) / (1 - decay)
    second = decay**2 * (1 - decay ** (2 * length)) / (1 - decay**2)
    result: Floats = np.sqrt(np.maximum(length - 2 * first + second, 0) / length) / (1 - decay)
    return result


class Discounts(NamedTuple):
    """Discount and GAE trace decay, the field's usual values where the config does not say."""

    gamma: float
    gae_lambda: float


@fact
def discounts(run: Run) -> Discounts:
    gamma, trace = run.settings.get("gamma"), run.settings.get("gae_lambda")
    return Discounts(
        gamma=min(1.0, max(0.0, gamma.value)) if gamma else 0.99,
        gae_lambda=min(1.0, max(0.0, trace.value)) if trace else 0.95,
    )
