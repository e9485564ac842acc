"""Whether the reward fell below everything seen before, while the policy did what it had done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor.facts import fact
from rundoctor.facts.rewards import Reward
from rundoctor.facts.steady_policy import SteadyPolicy
from rundoctor.model import Curve, Evidence, Missing

if TYPE_CHECKING:
    from rundoctor.model import Ints

BEFORE, AFTER = 5, 3
"""Fewest changes before a fall that it is held against, and points of the level after it. Where no episode ends in an
update, many logs repeat the reward of the last one."""


class RewardFall(NamedTuple):
    """The deepest fall of the mean reward from one update to the next that no step of the policy explains."""

    step: int
    """Update that is paid otherwise."""
    before: float
    after: float
    ratio: float
    """Over the largest change of any update before; at most ``CERTAIN``."""
    below: float
    """How far it ends below everything seen before, over the range of that; at -1 it is at its height."""
    explained: float
    """Least explained variance of the critic at that update and the next, where a log may show it; inf if unknown."""
    where: str

    @property
    def message(self) -> str:
        """It in words."""
        return (
            f"mean reward goes from {self.before:.4g} to {self.after:.4g} at update {self.step}, "
            "while the policy stays what it was"
        )

    def evidence(self, ratio: float, below: float, surprised: float) -> tuple[Evidence, ...]:
        """A fall that is large enough, and ends below all before, or near the least of it and surprises the critic."""
        where = f"{self.where}, update {self.step}"
        claim = "fall of the mean reward over the largest change of any update before"
        fall = Evidence(claim=claim, observed=self.ratio, relation=">", limit=ratio, where=where)
        claim = "distance below every reward seen before, over their range"
        under = Evidence(claim=claim, observed=self.below, relation=">", limit=below, where=where)
        claim = "explained variance there: the critic errs by more than the returns vary"
        error = Evidence(claim=claim, observed=self.explained, relation="<", limit=surprised, where=where)
        if self.ratio > ratio and self.below > below:
            return fall, under
        near = self.ratio > ratio and self.below > -below
        return (fall, error) if near and self.explained < surprised else ()


CERTAIN = 1e6
"""A fall after updates that changed nothing."""


@fact
def reward_fall(
    reward: Reward, steady_policy: SteadyPolicy, explained_variance: Curve | Missing
) -> RewardFall | Missing:
    """Where KL and episode length say that the policy stayed what it was: it cannot earn less than it ever did."""
    curve = reward.latest
    if reward.is_maximum or len(curve) < BEFORE + AFTER + 1:
        return Missing(reason="too few points of mean reward", log="log the mean episode reward per update")
    changed = np.cumsum(np.diff(curve.value, prepend=curve.value[0]) != 0)
    found = [
        _fall(curve, k, explained_variance)
        for k in range(BEFORE + 1, len(curve) - AFTER + 1)
        if changed[k - 1] >= BEFORE
    ]
    kept = [fall for fall in found if fall.after < fall.before and _same_policy(fall.step, curve.step, steady_policy)]
    if not kept:
        return Missing(reason="the policy moves all along", log="log the reward components per episode")
    return max(kept, key=lambda fall: fall.ratio * max(1 + fall.below, 0.0))


def _fall(curve: Curve, k: int, explained: Curve | Missing) -> RewardFall:
    """The change between points k - 1 and k."""
    values, changes = curve.value, np.abs(np.diff(curve.value))
    low, high = float(values[:k].min()), float(values[:k].max())
    after = float(np.median(values[k : k + AFTER]))
    below = (low - after) / (high - low) if high > low else 0.0
    largest = float(changes[: k - 1].max())
    ratio = float(changes[k - 1]) / largest if largest > 0 else CERTAIN
    step, known = int(curve.step[k]), np.array([np.inf])
    if isinstance(explained, Curve):
        known = np.append(explained.value[(explained.step >= step) & (explained.step <= step + 1)], np.inf)
    least = float(known.min())
    return RewardFall(step, float(values[k - 1]), after, min(CERTAIN, ratio), below, least, curve.source)


def _same_policy(step: int, steps: Ints, policy: SteadyPolicy) -> bool:
    previous = int(steps[np.searchsorted(steps, step) - 1])
    return policy.moved_little(previous - 1, step) and policy.as_long(previous, step)
