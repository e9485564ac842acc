"""The largest reward component beside what it competes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.components import ComponentUse
from rundoctor.model import Missing, Setting

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = 0.9
"""Quantile over the updates; the highest one alone may be an outlier."""
LOSS = 0.1
"""Share of its first level by which a component must fall to have lost something."""


class Dominance(NamedTuple):
    """The component that pays or costs most in an episode, and its rivals: what pays, else the other costs.

    It is measured where it was large: a policy that serves a cost alone makes it small.
    """

    largest: ComponentUse
    rivals: tuple[ComponentUse, ...]
    """At least one."""
    rival: str
    """The largest of them."""
    over: float
    """Its size in an episode over that of the largest rival, each where it was large; infinite where that has none."""
    at_first: float
    """Share of an episode's size at first."""
    of_gain: float
    """Share of what it and the rivals gained in an episode; above 1 where the rivals lost, 0 without a gain."""
    weight: float
    """Its weight in the config over the largest of a rival; 0 where the config has not both."""

    @property
    def saved(self) -> float:
        """What a step of it costs in the end over what it cost at first; 1 where it is no cost.

        Of a step, not of an episode: a goal that is met sooner saves time, and all that is paid for it.
        """
        first = signals.head(self.largest.per_step)
        return signals.tail(self.largest.per_step) / first if self.largest.cost and first else 1.0

    @property
    def rivals_lose(self) -> bool:
        """Whether every rival earns less in an episode in the end; a goal that is met early still pays the same."""
        return all(last < first - LOSS * abs(first) for first, last in (use.levels for use in self.rivals))

    @property
    def unpaid(self) -> bool:
        """Whether there is a rival that might pay, and none does in the end."""
        return not all(use.cost for use in self.rivals) and all(use.levels[1] <= 0 for use in self.rivals)

    @property
    def pays(self) -> bool:
        """Whether a rival pays, or may where the largest reward of a step is not known."""
        return not all(use.cost or use.silent for use in self.rivals)

    @property
    def rivals_left(self) -> float:
        """What is left of the rivals' costs in the end; 1 where one of them pays."""
        first, last = np.sum([use.levels for use in self.rivals], axis=0)
        return 1.0 if self.pays or not first else float(last / first)


@fact
def dominance(component_use: dict[str, ComponentUse], reward_weights: Setting | Missing) -> Dominance | Missing:
    if len(component_use) < 2:
        return Missing(reason="there is one component alone")
    unknown = [name for name, use in component_use.items() if not np.isfinite(use.per_episode).any()]
    if unknown:
        return Missing(reason=f"what an episode pays of {unknown[0]} is not logged", log="log its sum per episode")
    largest = max(component_use.values(), key=_size)
    others = [use for use in component_use.values() if use is not largest]
    rivals = [use for use in others if not use.cost] or others
    first, last = largest.levels
    begin, end = np.sum([use.levels for use in rivals], axis=0)
    whole, size = last - first + end - begin, abs(first) + sum(abs(use.levels[0]) for use in rivals)
    rival, heaviest = max(rivals, key=_size), _weight(rivals, reward_weights)
    return Dominance(
        largest=largest,
        rivals=tuple(rivals),
        rival=rival.name,
        over=_size(largest) / _size(rival) if _size(rival) > 0 else np.inf,
        at_first=abs(first) / size if size > 0 else 0.0,
        of_gain=float((last - first) / whole) if whole > 0 else 0.0,
        weight=_weight([largest], reward_weights) / heaviest if heaviest > 0 else 0.0,
    )


def _size(use: ComponentUse) -> float:
    paid = np.abs(use.per_episode[np.isfinite(use.per_episode)])
    return signals.quantile(paid, LARGE) if len(paid) else 0.0


def _weight(uses: Sequence[ComponentUse], weights: Setting | Missing) -> float:
    known = weights.value if isinstance(weights, Setting) else {}
    return max((abs(known.get(use.name, 0.0)) for use in uses), default=0.0)
