"""Bring a drifting craft to rest at a dock: progress pays, fuel costs, docking ends the episode with a prize."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

DT, THRUST = 0.2, 1.0
START, LOST, NEAR, SLOW = 1.5, 4.0, 0.25, 0.6
"""First distance, distance at which the craft is lost, distance and speed that count as docked."""
PROGRESS, FUEL, PRIZE, LOSS = 2.0, 0.05, 5.0, 5.0


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """On a circle, nearly at rest."""
    angle = draw.uniform(0, 2 * np.pi, count)
    place = START * difficulty * np.stack((np.cos(angle), np.sin(angle)), 1)
    return np.concatenate((place, 0.1 * draw.standard_normal((count, 2))), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Explicit Euler in the plane."""
    force = np.clip(action, -1, 1)
    before = np.linalg.norm(state[:, :2], axis=1)
    speed = state[:, 2:] + DT * THRUST * force + 0.02 * difficulty * draw.standard_normal((len(state), 2))
    place = state[:, :2] + DT * speed
    after = np.linalg.norm(place, axis=1)
    docked = (after < NEAR) & (np.linalg.norm(speed, axis=1) < SLOW)
    lost = after > LOST
    parts = (PROGRESS * (before - after), -FUEL * np.square(force).sum(1), PRIZE * docked - LOSS * lost)
    return Step(np.concatenate((place, speed), 1), np.stack(parts, 1), docked | lost)


COURSE = Course(
    components=("progress_reward", "fuel_cost", "docking_reward"),
    observations=4,
    actions=2,
    discrete=False,
    limit=64,
    start=start,
    step=step,
    observe=lambda state: state,
)
