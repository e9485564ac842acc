"""Whether the reward left at once everything seen before, while the policy did what it had done.

It cannot suddenly earn less than it ever did. More it can, where it finds a goal, but then it learns that: a leap up
counts where the policy unlearns from there on.
"""

from __future__ import annotations

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.reward_change.change import CERTAIN, Change, Sign
from rundoctor.facts.reward_change.steady_policy import SteadyPolicy
from rundoctor.facts.reward_change.unlearning import unlearned
from rundoctor.facts.rewards import Reward
from rundoctor.model import Curve, Missing

BEFORE, AFTER = 5, 3
"""Fewest changes before a leap that it is held against, and points of the level after it. Where no episode ends in an
update, many logs repeat the reward of the last one."""


@fact
def sudden_leaps(reward: Reward, entropy: Curve | Missing, steady_policy: SteadyPolicy) -> tuple[Change, ...] | Missing:
    """The changes larger than any before, where KL and episode length say that the policy stayed what it was."""
    curve = reward.latest
    if reward.is_maximum or len(curve) < BEFORE + AFTER + 1:
        return Missing(reason="too few points of mean reward", log="log the mean episode reward per update")
    changed = np.cumsum(np.diff(curve.value, prepend=curve.value[0]) != 0)
    changes = np.abs(np.diff(curve.value))
    leaps = np.append(False, changes[1:] > np.maximum.accumulate(changes)[:-1])
    places = [k for k in range(BEFORE + 1, len(curve) - AFTER + 1) if changed[k - 1] >= BEFORE and leaps[k - 1]]
    calm = [k for k in places if _stays(steady_policy, int(curve.step[k - 1]), int(curve.step[k]))]
    return tuple(_leap(curve, k, more) for k in calm if (more := _also(curve, k, entropy)) is not None)


def _also(curve: Curve, k: int, entropy: Curve | Missing) -> tuple[Sign, ...] | None:
    """What else tells a leap from the policy's own doing: nothing for a fall; None where a rise has no such thing.

    The rollout that is paid otherwise is learned from in the same update, or, as some logs count, in the next.
    """
    if curve.value[k] < curve.value[k - 1]:
        return ()
    step = int(curve.step[k])
    turns = [turn for turn in (unlearned(entropy, step), unlearned(entropy, step + 1)) if turn is not None]
    return (max(turns, key=lambda turn: turn.observed),) if turns else None


def _leap(curve: Curve, k: int, more: tuple[Sign, ...]) -> Change:
    """The change between points k - 1 and k."""
    values, changes = curve.value, np.abs(np.diff(curve.value))
    low, high = float(values[:k].min()), float(values[:k].max())
    before, after = float(values[k - 1]), signals.median(values[k : k + AFTER])
    beyond = low - after if values[k] < values[k - 1] else after - high
    ratio = min(CERTAIN, float(changes[k - 1] / changes[: k - 1].max()))
    step = int(curve.step[k])
    return Change(
        step=step,
        message=f"mean reward goes from {before:.4g} to {after:.4g} at update {step}, "
        "while the policy stays what it was",
        signs=(
            Sign("leap", "change of the mean reward over the largest of any update before", ratio),
            Sign("beyond", "distance from every reward seen before, over their range", beyond / (high - low)),
            *more,
        ),
        source=curve.source,
    )


def _stays(policy: SteadyPolicy, previous: int, step: int) -> bool:
    return policy.moved_little(previous - 1, step) and policy.as_long(previous, step)
