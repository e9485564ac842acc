"""Gather food that lies about: a bite pays, and every step costs a little."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

STRIDE, REACH = 0.12, 0.12
BITE, EFFORT = 1.0, 0.01
MOVES = STRIDE * np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Forager and food anywhere in the unit square."""
    return draw.uniform(0, 1, (count, 4))


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """One stride in one of four directions; food that is eaten grows again somewhere else."""
    place = np.clip(state[:, :2] + MOVES[action], 0, 1)
    eaten = np.linalg.norm(place - state[:, 2:], axis=1) < REACH / difficulty
    food = np.where(eaten[:, None], draw.uniform(0, 1, (len(state), 2)), state[:, 2:])
    parts = (BITE * eaten, np.full(len(state), -EFFORT))
    return Step(np.concatenate((place, food), 1), np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    return np.concatenate((2 * (state[:, 2:] - state[:, :2]), 2 * state[:, :2] - 1), 1)


COURSE = Course(
    components=("food_reward", "step_cost"),
    observations=4,
    actions=4,
    discrete=True,
    limit=64,
    start=start,
    step=step,
    observe=observe,
)
