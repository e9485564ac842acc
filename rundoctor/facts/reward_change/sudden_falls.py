"""Whether the reward fell below everything seen before, while the policy did what it had done."""

from __future__ import annotations

import numpy as np

from rundoctor.facts import fact
from rundoctor.facts.reward_change.change import CERTAIN, Change, Sign
from rundoctor.facts.reward_change.steady_policy import SteadyPolicy
from rundoctor.facts.rewards import Reward
from rundoctor.model import Curve, Missing

BEFORE, AFTER = 5, 3
"""Fewest changes before a fall that it is held against, and points of the level after it. Where no episode ends in an
update, many logs repeat the reward of the last one."""


@fact
def sudden_falls(reward: Reward, steady_policy: SteadyPolicy) -> tuple[Change, ...] | Missing:
    """Where KL and episode length say that the policy stayed what it was: it cannot earn less than it ever did."""
    curve = reward.latest
    if reward.is_maximum or len(curve) < BEFORE + AFTER + 1:
        return Missing(reason="too few points of mean reward", log="log the mean episode reward per update")
    changed = np.cumsum(np.diff(curve.value, prepend=curve.value[0]) != 0)
    places = [k for k in range(BEFORE + 1, len(curve) - AFTER + 1) if changed[k - 1] >= BEFORE]
    falls = [k for k in places if curve.value[k] < curve.value[k - 1]]
    return tuple(_fall(curve, k) for k in falls if _stays(steady_policy, int(curve.step[k - 1]), int(curve.step[k])))


def _fall(curve: Curve, k: int) -> Change:
    """The change between points k - 1 and k."""
    values, changes = curve.value, np.abs(np.diff(curve.value))
    low, span = float(values[:k].min()), float(np.ptp(values[:k]))
    before, after = float(values[k - 1]), float(np.median(values[k : k + AFTER]))
    largest = float(changes[: k - 1].max())
    ratio = min(CERTAIN, float(changes[k - 1]) / largest) if largest > 0 else CERTAIN
    step = int(curve.step[k])
    return Change(
        step=step,
        message=f"mean reward goes from {before:.4g} to {after:.4g} at update {step}, "
        "while the policy stays what it was",
        signs=(
            Sign("fall", "fall of the mean reward over the largest change of any update before", ratio),
            Sign(
                "below",
                "distance below every reward seen before, over their range",
                (low - after) / span if span > 0 else 0.0,
            ),
        ),
        source=curve.source,
    )


def _stays(policy: SteadyPolicy, previous: int, step: int) -> bool:
    return policy.moved_little(previous - 1, step) and policy.as_long(previous, step)
