"""Bring the hand of an arm of two joints to a mark and hold it there: the way still to go costs, and so does torque."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

DT, FORCE, FRICTION = 0.1, 10.0, 4.0
"""Time step, acceleration of a joint at full torque, share of its speed that friction takes a second."""
UPPER, LOWER, NEAR, REACH = 1.0, 0.8, 0.25, 1.0
"""Lengths of the arm, how near the mark counts as held, and the largest angle in which arm and mark begin."""
AWAY, HELD, TORQUE = 0.5, 0.5, 0.1


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: the two angles, their speeds, the mark's place."""
    joints, mark = draw.uniform(-REACH, REACH, (2, count, 2))
    return np.concatenate((joints, np.zeros((count, 2)), hand(mark)), 1)


def hand(joints: Array) -> Array:
    """Where the arm ends. [N, 2]."""
    bearings = np.stack((joints[:, 0], joints.sum(1)), 1)
    lengths = np.array((UPPER, LOWER))
    return np.stack((np.cos(bearings) @ lengths, np.sin(bearings) @ lengths), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Each joint is pushed on its own."""
    torque = np.clip(action, -1, 1)
    shake = 0.3 * difficulty * draw.standard_normal(torque.shape)
    speed = state[:, 2:4] + DT * (FORCE * torque - FRICTION * state[:, 2:4] + shake)
    joints = state[:, :2] + DT * speed
    away = np.linalg.norm(hand(joints) - state[:, 4:], axis=1)
    parts = (-AWAY * away, HELD * (away < NEAR), -TORQUE * np.square(torque).sum(1))
    after = np.concatenate((joints, speed, state[:, 4:]), 1)
    return Step(after, np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    """[N, 8]: bearings, speeds, and the way from hand to mark."""
    joints = state[:, :2]
    bearings = np.stack((joints[:, 0], joints.sum(1)), 1)
    way = state[:, 4:] - hand(joints)
    return np.concatenate((np.cos(bearings), np.sin(bearings), state[:, 2:4] / 3, way), 1)


COURSE = Course(
    components=("distance_cost", "held_reward", "torque_cost"),
    observations=8,
    actions=2,
    discrete=False,
    limit=60,
    start=start,
    step=step,
    observe=observe,
)
