"""An infinite reward where the log ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor.facts import fact
from rundoctor.model import Episodes, Missing, Run

REWARDS = ("reward_mean", "reward_best")
LAST = 10
"""One in so many episodes, the last ones, is where a log ends that does not say which update they belong to."""


class InfiniteReward(NamedTuple):
    """What is infinite: no trainer writes infinity for want of a value, as many do NaN."""

    name: str
    values: int
    """How many."""
    first: int
    """Update of the first one."""
    where: str


@fact
def infinite_reward(run: Run) -> InfiniteReward | Missing:
    """Of the mean or the best reward, or of an episode."""
    for curve in filter(None, map(run.curves.get, REWARDS)):
        logged = [int(steps[-1]) for steps in (curve.step, curve.broken) if len(steps)]
        if len(curve.infinite) and int(curve.infinite[-1]) == max(logged):
            return InfiniteReward(curve.name, len(curve.infinite), int(curve.infinite[0]), curve.source)
    if run.episodes is not None:
        count = int((run.episodes.infinite >= _last_ones(run, run.episodes)).sum())
        if count:
            return InfiniteReward("an episode's reward", count, run.updates, run.episodes.source)
    return Missing(reason="every reward is a finite number")


def _last_ones(run: Run, episodes: Episodes) -> int:
    """Number of the first episode that ended after the last update was logged, else of the last ones."""
    done = run.curves.get("episodes_done")
    after = int(np.searchsorted(episodes.index, done.value[-1])) if done is not None and len(done) else len(episodes)
    return int(episodes.index[after if after < len(episodes) else -max(1, len(episodes) // LAST)])
