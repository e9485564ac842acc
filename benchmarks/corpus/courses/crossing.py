"""Cross a road of four lanes between the cars: each lane gained pays, a car ends it all, and time is dear."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

LANES = 4
SPEED = np.array((0.35, -0.25, 0.45, -0.3))
"""Of the cars in each lane, in radians a step: each lane is a ring with one car, and the walker crosses at angle 0."""
WIDTH = 0.55
"""How near a car must be to hit."""
LANE, ARRIVED, HIT, TIME = 1.0, 3.0, 4.0, 0.05


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: lanes behind the walker, 0 to 5, and the angle of the car in each."""
    return np.concatenate((np.zeros((count, 1)), draw.uniform(0, 2 * np.pi, (count, LANES))), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Back, wait or forward; then the cars move."""
    place = np.clip(state[:, 0] + action - 1, 0, LANES + 1)
    pace = SPEED * difficulty * draw.uniform(0.7, 1.3, (len(state), LANES))
    cars = state[:, 1:] + pace
    near = np.abs(np.angle(np.exp(1j * cars))) < WIDTH
    hit = (near & (place[:, None] == np.arange(1, LANES + 1))).any(1)
    arrived = place > LANES
    parts = (LANE * (place - state[:, 0]) + ARRIVED * arrived, -HIT * hit, np.full(len(state), -TIME))
    return Step(np.concatenate((place[:, None], cars), 1), np.stack(parts, 1), hit | arrived)


def observe(state: Array) -> Array:
    """The walker's lane and where the cars are. [N, 13]."""
    place, cars = state[:, :1], state[:, 1:]
    lane = (place == np.arange(LANES + 1)).astype(float)
    return np.concatenate((lane, np.sin(cars), np.cos(cars)), 1)


COURSE = Course(
    components=("crossing_reward", "collision_cost", "time_cost"),
    observations=1 + LANES + 2 * LANES,
    actions=3,
    discrete=True,
    limit=60,
    start=start,
    step=step,
    observe=observe,
)
