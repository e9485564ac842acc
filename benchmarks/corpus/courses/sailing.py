"""Sail round the marks: no boat sails into the wind, the sail has to be trimmed, and each metre made good pays."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

DT, TURN, FIELD, ROUNDED = 0.3, 1.2, 3.0, 0.5
"""Time step, turn a second at full rudder, size of the field, distance at which a mark counts as rounded."""
MADE_GOOD, MARK, RUDDER = 1.0, 2.0, 0.05


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: the mark as seen from the boat, then the heading; the wind comes from angle 0."""
    return np.concatenate((_mark(draw, count), draw.uniform(-np.pi, np.pi, (count, 1))), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """The speed is that of the heading's angle to the wind, less what a badly trimmed sail loses."""
    steer, sheet = np.clip(action, -1, 1).T
    heading = state[:, 2] + DT * TURN * steer + 0.05 * difficulty * draw.standard_normal(len(state))
    off = np.abs(np.angle(np.exp(1j * heading))) / np.pi
    speed = np.clip(2 * off, 0, 1) ** 2 * np.exp(-2 * np.square(sheet - (2 * off - 1)))
    mark = state[:, :2] - DT * speed[:, None] * np.stack((np.cos(heading), np.sin(heading)), 1)
    gained = np.linalg.norm(state[:, :2], axis=1) - np.linalg.norm(mark, axis=1)
    rounded = np.linalg.norm(mark, axis=1) < ROUNDED
    after = np.where(rounded[:, None], _mark(draw, len(state)), mark)
    parts = (MADE_GOOD * gained, MARK * rounded, -RUDDER * np.square(steer))
    return Step(np.concatenate((after, heading[:, None]), 1), np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    """[N, 4]."""
    mark, heading = state[:, :2] / 2, state[:, 2]
    return np.concatenate((mark, np.stack((np.cos(heading), np.sin(heading)), 1)), 1)


def _mark(draw: np.random.Generator, count: int) -> Array:
    angle, far = draw.uniform(-np.pi, np.pi, count), draw.uniform(1, FIELD, count)
    return np.stack((far * np.cos(angle), far * np.sin(angle)), 1)


COURSE = Course(
    components=("progress_reward", "mark_reward", "rudder_cost"),
    observations=4,
    actions=2,
    discrete=False,
    limit=100,
    start=start,
    step=step,
    observe=observe,
)
