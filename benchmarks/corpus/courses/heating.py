"""Keep a house warm through a day: a wrong temperature costs, so does energy; rewards are never positive."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

LEAK, POWER, SLOW = 0.1, 0.6, 0.3
SWING = 2.5
"""Largest deviation of the outside temperature from the wanted one."""
DAY = 2 * np.pi / 64
COMFORT, ENERGY, WEAR = 1.0, 0.1, 0.05


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: room, walls, time of day, heater."""
    room, walls = 1.5 * draw.standard_normal((2, count))
    return np.stack((room, walls, draw.uniform(0, 2 * np.pi, count), np.zeros(count)), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Two heat stores in a row, the heater between them."""
    room, walls, hour, before = state.T
    heater = np.clip(action[:, 0], -1, 1)
    outside = SWING * difficulty * np.sin(hour) + 0.3 * draw.standard_normal(len(state))
    walls = walls + LEAK * (outside - walls) + POWER * heater
    room = room + SLOW * (walls - room)
    parts = (-COMFORT * np.square(room), -ENERGY * np.square(heater), -WEAR * np.square(heater - before))
    after = np.stack((room, walls, hour + DAY, heater), 1)
    return Step(after, np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    room, walls, hour, heater = state.T
    return np.stack((room, walls, np.cos(hour), np.sin(hour), heater), 1)


COURSE = Course(
    components=("comfort_cost", "energy_cost", "wear_cost"),
    observations=5,
    actions=1,
    discrete=False,
    limit=96,
    start=start,
    step=step,
    observe=observe,
)
