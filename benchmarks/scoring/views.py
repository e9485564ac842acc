"""The ways in which one run is seen: the whole log, the few columns that all write, its first updates, no config."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from rundoctor.model import Component, Curve, Episodes, Run

MINIMAL = frozenset(
    {
        "loss",
        "smoothed_loss",
        "reward_best",
        "episodes_done",
        "last_minibatch_loss",
        "reward_mean",
        "episode_length",
        "timesteps",
    }
)
"""What a log holds at the least: its loss and a reward."""


def minimal(run: Run) -> Run:
    """The run with a minimal log; rundoctor's own format did not always have mean rewards, so they go as well."""
    kept = MINIMAL - {"reward_mean"} if "reward_best" in run.curves else MINIMAL
    return replace(run, curves={name: curve for name, curve in run.curves.items() if name in kept})


def without_config(run: Run) -> Run:
    """The run with every setting withheld."""
    return replace(run, settings={}, config=None)


def first_updates(run: Run, count: int) -> Run:
    """The run as its log stood after so many updates."""
    steps = np.unique(np.concatenate([np.append(curve.step, curve.broken) for curve in run.curves.values()]))
    last = steps[: min(count, len(steps))][-1]
    curves = {name: _until(curve, last) for name, curve in run.curves.items()}
    episodes = run.episodes
    if episodes is not None and "episodes_done" in curves:
        episodes = _first_episodes(episodes, int(curves["episodes_done"].value[-1]))
    return replace(run, curves=curves, episodes=episodes)


def _until(curve: Curve, last: int) -> Curve:
    finite, broken = curve.step <= last, curve.broken[curve.broken <= last]
    return replace(curve, step=curve.step[finite], value=curve.value[finite], broken=broken)


def _first_episodes(episodes: Episodes, count: int) -> Episodes:
    """``count`` episodes had ended by then, numbered from 0."""
    known = episodes.index < count
    names = [field.name for field in fields(Component) if field.name != "name"]
    components = {
        name: replace(part, **{field: getattr(part, field)[known] for field in names})
        for name, part in episodes.components.items()
    }
    scalars = {name: values[known] for name, values in episodes.scalars.items()}
    infinite = episodes.infinite[episodes.infinite < count]
    return replace(episodes, index=episodes.index[known], components=components, scalars=scalars, infinite=infinite)
