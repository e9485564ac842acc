"""Drive down a winding lane: each metre made pays, swerving costs comfort, and leaving the lane ends the drive."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

DT, LANE = 0.1, 1.5
"""Time step and half the width of the lane."""
GRIP, BEND, MEMORY = 1.2, 0.25, 0.97
"""Largest curvature of the wheels, spread of the road's and how much of it is left after a step."""
PULL, DRAG = 2.0, 0.5
MADE, SWERVE, LEFT = 0.5, 0.1, 1.0


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: place across the lane, heading to it, speed, the road's curvature."""
    across, heading = draw.uniform(-0.3, 0.3, (2, count))
    return np.stack((across, heading, np.ones(count), np.zeros(count)), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """A bicycle that follows the road in the road's own coordinates."""
    across, heading, speed, bend = state.T
    steer, throttle = np.clip(action, -1, 1).T
    speed = np.clip(speed + DT * (PULL * throttle - DRAG * speed), 0, 4)
    turn = speed * GRIP * steer
    heading = heading + DT * (turn - speed * bend)
    across = across + DT * speed * np.sin(heading)
    noise = np.sqrt(1 - MEMORY**2) * draw.standard_normal(len(state))
    bend = np.clip(MEMORY * bend + BEND * difficulty * noise, -1, 1)
    off = np.abs(across) > LANE
    parts = (MADE * DT * speed * np.cos(heading), -SWERVE * DT * np.square(turn), -LEFT * off)
    return Step(np.stack((across, heading, speed, bend), 1), np.stack(parts, 1), off)


def observe(state: Array) -> Array:
    """[N, 4]."""
    return state * np.array((1.5, 1.5, 0.5, 2.0))


COURSE = Course(
    components=("progress_reward", "swerve_cost", "crash_cost"),
    observations=4,
    actions=2,
    discrete=False,
    limit=100,
    start=start,
    step=step,
    observe=observe,
)
