"""How much of what a run gained is cost that it saved."""

from __future__ import annotations

from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.components import ComponentUse


class Saving(NamedTuple):
    """The components that never pay, all together."""

    of_gain: float
    """Share of the cost that was saved in what an episode gained; 0 without a gain, above 1 where the rest lost."""
    step_left: float
    """Last over first cost of a step; 1 where nothing costs."""


@fact
def saving(component_use: dict[str, ComponentUse]) -> Saving:
    costs = [use for use in component_use.values() if use.cost]
    gained = sum(last - first for first, last in (use.levels for use in component_use.values()))
    saved = sum(last - first for first, last in (use.levels for use in costs))
    first, last = (sum(level(use.per_step) for use in costs) for level in (signals.head, signals.tail))
    return Saving(saved / gained if gained > 0 else 0.0, last / first if first else 1.0)
