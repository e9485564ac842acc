"""The reward components: who carries the reward, who is silent, whose weight moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.rollout import LOG_COMPONENTS, EpisodesByUpdate
from rundoctor.model import Component, Missing, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rundoctor.model import Floats


class ComponentUse(NamedTuple):
    """One reward component over the run."""

    name: str
    step: np.ndarray
    per_step: Floats
    """Mean reward of one step by update. Shape [n], n >= 1."""
    within: Floats
    """Standard deviation within an episode by update."""
    per_episode: Floats
    """Sum over an episode, mean by update."""
    share: float
    """Share of the size of all components: mean square of a step, its spread included."""
    silent: bool
    """True when it was present and never anything but zero."""
    cost: bool
    """True when it was paid and no step of it was ever more than zero; False where the largest step is not known."""

    @property
    def levels(self) -> tuple[float, float]:
        """First and last level of what an episode pays of it."""
        known = self.per_episode[np.isfinite(self.per_episode)]
        return (signals.head(known), signals.tail(known)) if len(known) else (0.0, 0.0)


@fact
def component_use(run: Run, episodes_by_update: EpisodesByUpdate) -> dict[str, ComponentUse] | Missing:
    """By name, without the total, a component that only repeats it, and one that is in no update a finite number."""
    if run.episodes is None:
        return Missing(reason="no reward components are logged", log=LOG_COMPONENTS)
    parts = _parts(run.episodes.components)
    if not parts:
        return Missing(reason="only the total reward is logged", log=LOG_COMPONENTS)
    sizes = {name: _mean_square(part) for name, part in parts.items()}
    whole = sum(sizes.values())
    uses = [_use(part, episodes_by_update, sizes[name] / whole if whole > 0 else 0.0) for name, part in parts.items()]
    known = {use.name: use for use in uses if len(use.step)}
    return known or Missing(reason="the reward components are no finite numbers", log=LOG_COMPONENTS)


def _parts(components: Mapping[str, Component]) -> dict[str, Component]:
    total = components.get("total_reward")
    parts = {name: part for name, part in components.items() if name != "total_reward"}
    aliases = [name for name, part in parts.items() if total is not None and _repeats(part, total)]
    rest = {name: part for name, part in parts.items() if name not in aliases}
    return rest if any(_mean_square(part) > 0 for part in rest.values()) else parts


def _repeats(part: Component, total: Component) -> bool:
    known = np.isfinite(part.mean) & np.isfinite(total.mean)
    return bool(known.any()) and bool(np.array_equal(part.mean[known], total.mean[known]))


def _mean_square(part: Component) -> float:
    square = part.mean**2 + np.nan_to_num(part.std) ** 2
    known = np.isfinite(square) & (np.nan_to_num(part.count, nan=1.0) > 0)
    return float(np.mean(square[known])) if known.any() else 0.0


def _use(part: Component, by_update: EpisodesByUpdate, share: float) -> ComponentUse:
    present = np.nan_to_num(part.count, nan=1.0) > 0
    mean = np.where(present, part.mean, np.nan)
    rows = by_update.mean(mean)
    known = np.isfinite(rows)
    seen = present & np.isfinite(part.mean)
    silent = bool(seen.any()) and not np.any(part.mean[seen]) and not np.any(np.nan_to_num(part.std[seen]))
    return ComponentUse(
        name=part.name,
        step=by_update.steps[known],
        per_step=rows[known],
        within=by_update.mean(np.where(present, part.std, np.nan))[known],
        per_episode=by_update.mean(np.where(present, part.total, np.nan))[known],
        share=share,
        silent=silent,
        cost=not silent and bool(np.all(part.maximum[seen] <= 0)),
    )


DRIFTS = 3.0
"""Largest over smallest share of a weight beyond which it moves; ours: no preference between terms survives that."""


class WeightPath(NamedTuple):
    """The trainer's weight of one component over the run."""

    name: str
    first: float
    last: float
    factor: float
    """Largest over smallest level of its share among all weights."""


@fact
def weight_paths(run: Run) -> tuple[WeightPath, ...] | Missing:
    """Weights of the components as the log shows them, as shares of their sum."""
    if run.episodes is None:
        return Missing(reason="no reward components are logged", log=LOG_COMPONENTS)
    weights = {
        name: part.weight
        for name, part in run.episodes.components.items()
        if name != "total_reward" and np.isfinite(part.weight).sum() >= 4
    }
    if len(weights) < 2 or not any(np.nan_to_num(values).any() for values in weights.values()):
        return Missing(reason="component weights are not logged", log="log component_weights_snapshot per episode")
    together = np.nansum([np.abs(values) for values in weights.values()], axis=0)
    return tuple(_path(name, values, together) for name, values in weights.items())


def _path(name: str, values: Floats, together: Floats) -> WeightPath:
    known = np.isfinite(values) & (together > 0)
    if not known.any():
        return WeightPath(name, 0.0, 0.0, factor=1.0)
    shares = signals.smooth(np.abs(values[known]) / together[known])
    low, high = float(shares.min()), float(shares.max())
    factor = high / low if low > 0 else float("inf") if high > 0 else 1.0
    return WeightPath(name, signals.head(values[known]), signals.tail(values[known]), factor)
