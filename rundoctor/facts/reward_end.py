"""Where the log of the reward ends, while the updates go on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor.facts import fact
from rundoctor.model import Missing, Run

EVERY_UPDATE = ("value_loss", "policy_loss", "loss", "entropy", "approx_kl")
"""Metrics that every update has, whether an episode ends in it or not."""
FEWEST = 3
"""Rewards without which no usual wait between two of them is known."""


class RewardEnd(NamedTuple):
    """What comes after the last reward."""

    step: int
    """Update of the last reward."""
    share_after: float
    """Share of the updates that come after it."""
    waits: float
    """Updates after it over the longest wait between two rewards before."""


@fact
def reward_end(run: Run) -> RewardEnd | Missing:
    """The end of the reward's own log, against that of the losses; a reward that is not a number is none."""
    reward_mean = run.curves.get("reward_mean")
    steps = [curve.step for name, curve in run.curves.items() if name in EVERY_UPDATE and len(curve)]
    if reward_mean is None or len(reward_mean) < FEWEST or not steps:
        return Missing(reason="no losses beside a reward", log="log loss and reward per update")
    first, last = min(int(step[0]) for step in steps), max(int(step[-1]) for step in steps)
    end = int(reward_mean.step[-1])
    after = max(0, last - end)
    return RewardEnd(end, after / max(1, last - first), after / max(1, int(np.diff(reward_mean.step).max())))
