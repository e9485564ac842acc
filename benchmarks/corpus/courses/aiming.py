"""Throw at a mark in the wind, eight times: the nearer the better, a hit pays most, and a hard throw costs strength."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

FAR, DRIFT, GUST = 2.0, 0.4, 0.15
"""Range of a throw at full strength, how far the wind carries it, and what of the wind is not seen."""
NEAR = 0.2
CLOSE, HIT, EFFORT = 0.5, 1.0, 0.2


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: the mark's place and the wind, along two axes."""
    return np.concatenate((_mark(draw, count), draw.uniform(-1, 1, (count, 2))), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """A throw along both axes; then the mark stands elsewhere and the wind turns a little."""
    thrown = np.clip(action, -1, 1)
    mark, wind = state[:, :2], state[:, 2:]
    fell = FAR * thrown + DRIFT * difficulty * wind + GUST * difficulty * draw.standard_normal(wind.shape)
    away = np.linalg.norm(fell - mark, axis=1)
    parts = (-CLOSE * away, HIT * (away < NEAR), -EFFORT * np.square(thrown).sum(1))
    turned = np.clip(wind + 0.2 * draw.standard_normal(wind.shape), -1, 1)
    after = np.concatenate((_mark(draw, len(state)), turned), 1)
    return Step(after, np.stack(parts, 1), np.zeros(len(state), bool))


def _mark(draw: np.random.Generator, count: int) -> Array:
    return draw.uniform(-1.5, 1.5, (count, 2))


COURSE = Course(
    components=("distance_cost", "hit_reward", "strength_cost"),
    observations=4,
    actions=2,
    discrete=False,
    limit=8,
    start=start,
    step=step,
    observe=lambda state: state,
)
