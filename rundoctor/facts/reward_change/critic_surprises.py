"""Whether the critic was suddenly wrong, just where the reward or the policy turned round.

Paid -k times what it was, a behaviour is worth the opposite of what the critic says: the explained variance falls at
once, to below zero where the critic knew much, and the value loss jumps. Both are of the last rollout alone, while a
logged mean reward may slide over a hundred episodes. What the policy had learned is now wrong, so it turns round: the
reward falls from its height, or, where it rises because costs are now paid, the policy unlearns and its entropy rises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.reward_change.change import Change, Sign, stretch
from rundoctor.facts.reward_change.descent import Descent
from rundoctor.facts.reward_change.steady_policy import SteadyPolicy
from rundoctor.facts.reward_change.unlearning import unlearned
from rundoctor.model import Curve, Missing

if TYPE_CHECKING:
    from rundoctor.model import Floats

LEVEL = 3
"""Fewest updates that make a level before and after."""
AT_ONCE = 2
"""Updates within which the error has jumped: the first may hold the end of the old reward."""


class Witness(NamedTuple):
    """What one curve says of an update."""

    words: str
    signs: tuple[Sign, ...]


@fact
def critic_surprises(
    descent: Descent | Missing,
    explained_variance: Curve | Missing,
    value_loss: Curve | Missing,
    entropy: Curve | Missing,
    steady_policy: SteadyPolicy,
) -> tuple[Change, ...] | Missing:
    """At the updates around which the policy hardly moved."""
    critic = [curve for curve in (explained_variance, value_loss) if isinstance(curve, Curve)]
    if not critic:
        return Missing(reason="neither explained variance nor value loss is logged", log="log explained_variance")
    return tuple(
        Change(
            step=int(step),
            message=f"at update {step} {surprise.words}, and {turn.words}",
            signs=surprise.signs + turn.signs,
            source=critic[0].source,
        )
        for step in np.unique(np.concatenate([curve.step for curve in critic]))
        for surprise, turn in _seen(int(step), explained_variance, value_loss, descent, entropy)
        if steady_policy.stays_around(int(step), LEVEL)
    )


def _seen(
    step: int,
    explained_variance: Curve | Missing,
    value_loss: Curve | Missing,
    descent: Descent | Missing,
    entropy: Curve | Missing,
) -> list[tuple[Witness, Witness]]:
    """What happened to the critic at an update, and to what it judges.

    A jump of the error beside a falling reward is left out: where episodes are few, healthy runs have both (Swimmer).
    """
    lost, jumped = _loses(explained_variance, step), _jumps(value_loss, step)
    if lost is None and jumped is None:
        return []
    turned, fallen = _unlearns(entropy, step), _falls(descent, step)
    pairs = [(lost, fallen), (lost, turned), (jumped, turned)]
    return [(surprise, turn) for surprise, turn in pairs if surprise is not None and turn is not None]


def _loses(explained: Curve | Missing, step: int) -> Witness | None:
    level = 0 if isinstance(explained, Missing) else stretch(LEVEL, len(explained))
    before, after = _around(explained, step, level, level)
    if not level or min(len(before), len(after)) < level:
        return None
    knew, knows = signals.median(before), signals.median(after)
    if knew <= 0 or max(float(after[0]), knows) >= knew:
        return None
    return Witness(
        "the critic loses what it knew",
        (
            Sign("knows", f"explained variance of the updates from there on, {knew:.2f} before", knows, "<"),
            Sign("lost", "explained variance that the critic loses at once", knew - knows),
        ),
    )


def _jumps(value_loss: Curve | Missing, step: int) -> Witness | None:
    level = 0 if isinstance(value_loss, Missing) else stretch(LEVEL, len(value_loss))
    before, after = _around(value_loss, step, level, AT_ONCE)
    if not level or len(before) < level or not len(after) or not after.max() > before.max() > 0:
        return None
    claim = "value loss over the largest of the updates just before, while the policy stays what it was"
    return Witness("the critic's error jumps", (Sign("error", claim, float(after.max() / before.max())),))


def _unlearns(entropy: Curve | Missing, step: int) -> Witness | None:
    turn = unlearned(entropy, step)
    return None if turn is None else Witness("the policy unlearns what it had learned", (turn,))


def _falls(descent: Descent | Missing, step: int) -> Witness | None:
    height = None if isinstance(descent, Missing) else descent.height_left_at(step)
    if isinstance(descent, Missing) or height is None:
        return None
    claim = "fall of the mean reward from its height at that update to the end, over its range"
    words = f"the mean reward turns from {height:.4g} down to {descent.end:.4g}"
    return Witness(words, (Sign("fallen", claim, (height - descent.end) / descent.span),))


def _around(curve: Curve | Missing, step: int, earlier: int, later: int) -> tuple[Floats, Floats]:
    """The values just before an update, and from it on; none where nothing is logged."""
    if isinstance(curve, Missing):
        return np.empty(0), np.empty(0)
    place = int(np.searchsorted(curve.step, step))
    return curve.value[max(0, place - earlier) : place], curve.value[place : place + later]
