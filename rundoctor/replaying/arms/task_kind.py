"""What kind of task a log shows: its actions, how its episodes end, the sign of what a step pays.

What had to be assumed is added to ``notes``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rundoctor import signals
from rundoctor.facts import FactBook
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Missing, Run

UNIT_NORMAL = 0.5 * math.log(2 * math.pi * math.e)
"""Entropy of one action of deviation 1, nat: where a Gaussian policy starts."""
NEAR = 0.02
"""Nats an action by which the first update may have moved that; four discrete actions start 0.033 away."""
MOST_ACTIONS = 18
"""Discrete actions that are looked for, as in Atari."""
VARIES = 1.1
"""Longest over shortest mean episode from which episodes end by what the policy does."""
CONSTANT_PAY = 0.02
"""Share of its spread below which the mean reward of a step counts as zero."""


def discrete(run: Run, assumed: Mapping[str, Any], notes: list[str]) -> bool:
    """Whether actions are discrete: the user's word, else what the entropy shows."""
    if "discrete" in assumed:
        notes.append(f"actions are {'discrete' if assumed['discrete'] else 'continuous'}, as you said")
        return bool(assumed["discrete"])
    if "action_std" in run.curves:
        return False
    entropy = run.curves.get("entropy")
    if entropy is not None and len(entropy):
        return not _of_a_gaussian(float(entropy.value[0]))
    notes.append("actions are discrete: neither entropy nor the action's deviation is logged")
    return True


def _of_a_gaussian(entropy: float) -> bool:
    """Whether a first policy of this entropy is one: discrete ones have none below 0 or above the uniform's."""
    actions = max(1, round(entropy / UNIT_NORMAL))
    possible = 0 <= entropy <= math.log(MOST_ACTIONS)
    return not possible or abs(entropy / actions - UNIT_NORMAL) < NEAR


def ends(book: FactBook, notes: list[str]) -> bool | None:
    """Whether episodes end by what the policy does; None where their lengths are not logged."""
    lengths = book.get("episode_steps")
    if isinstance(lengths, Missing):
        notes.append("the length of episodes is not logged")
        return None
    return bool(lengths.value.max() > VARIES * lengths.value.min())


def pays(book: FactBook) -> int:
    """Sign of the reward of a step at the start; 0 where it is about zero, rises above it, or is not known.

    What pays at first and costs in the end pays; other rewards of both signs are about zero.
    """
    reward = book.get("step_reward")
    reward = reward if isinstance(reward, Curve) else getattr(book.get("reward"), "curve", None)
    if reward is None or not len(reward):
        return 0
    first, last = signals.head(reward.value), signals.tail(reward.value)
    scale = book.get("return_scale")
    if isinstance(scale, ReturnScale) and scale.changes_sign and not first > 0 > last:
        return 0
    spread = float(reward.value.max() - reward.value.min())
    if abs(first) <= CONSTANT_PAY * spread or first < 0 < last:
        return 0
    return 1 if first > 0 else -1
