"""Tend a tree: it has to be watered and left to ripen before a harvest pays; whoever harvests early gets little."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

WAIT, WATER, HARVEST = range(3)
GROWTH, DRYING = 0.12, 0.12
PRICE, LABOUR = 4.0, 0.05


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: ripeness of the fruit, water in the soil."""
    return draw.uniform(0, 0.5, (count, 2))


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Fruit ripens while there is water; a harvest pays the cube of its ripeness and starts again."""
    ripe, water = state.T
    picked = action == HARVEST
    gained = np.where(picked, PRICE * ripe**3, 0.0)
    grown = np.clip(ripe + GROWTH / difficulty * water * draw.uniform(0.5, 1.5, len(state)), 0, 1)
    wet = np.clip(water + 0.5 * (action == WATER) - DRYING, 0, 1)
    parts = (gained, -LABOUR * (action != WAIT))
    return Step(np.stack((np.where(picked, 0.0, grown), wet), 1), np.stack(parts, 1), np.zeros(len(state), bool))


COURSE = Course(
    components=("harvest_reward", "labour_cost"),
    observations=2,
    actions=3,
    discrete=True,
    limit=96,
    start=start,
    step=step,
    observe=lambda state: 2 * state - 1,
)
