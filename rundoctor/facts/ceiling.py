"""Whether the run got where there is nothing left to learn."""

from __future__ import annotations

from rundoctor.facts import fact
from rundoctor.facts.infinite_reward import InfiniteReward
from rundoctor.facts.reward_change.change import Change
from rundoctor.facts.rewards import Progress
from rundoctor.model import Interval, Missing

CEILING_SHARE = 0.5
"""Share of late episodes at the longest length ever seen from which the run counts as having got there."""
LOST = 0.2
"""Largest share of its range that the reward may have lost again."""


@fact
def reached_ceiling(
    progress: Progress | Missing,
    episode_ceiling: Interval | Missing,
    sign_turn: Change | Missing,
    infinite_reward: InfiniteReward | Missing,
) -> bool:
    """Whether the run ends with its episodes at full length and its reward near its best: nothing left to learn.

    Where a reward has turned its sign, or ends infinite, the best is not what it was.
    """
    turned = isinstance(sign_turn, Change) or isinstance(infinite_reward, InfiniteReward)
    if isinstance(progress, Missing) or isinstance(episode_ceiling, Missing) or turned:
        return False
    return episode_ceiling.low >= CEILING_SHARE and progress.at_best(LOST)
