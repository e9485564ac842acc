"""Stay upright on a ball that rolls away: every step on it pays, leaning into it costs, falling ends the episode."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

DT, FALL, PUSH, SLIDE = 0.1, 1.6, 1.2, 0.5
"""Time step, growth of the lean, effect of the push on the lean and on the ball."""
TILT, EDGE = 0.5, 2.0
"""Largest lean and largest distance of the ball."""
ALIVE, EFFORT = 1.0, 0.1


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: lean and its speed along two axes, then place and speed of the ball along them."""
    return 0.05 * draw.standard_normal((count, 8))


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Two inverted pendula over a point that the push moves."""
    lean, turn, place, speed = (state[:, n : n + 2] for n in (0, 2, 4, 6))
    push = np.clip(action, -1, 1)
    gust = 0.2 * difficulty * draw.standard_normal(lean.shape)
    turn = turn + DT * (FALL * np.sin(lean) / 0.5 - PUSH * push + gust)
    lean = lean + DT * turn
    speed = speed + DT * (SLIDE * push - 0.2 * speed)
    place = place + DT * speed
    fallen = (np.abs(lean) > TILT).any(1) | (np.abs(place) > EDGE).any(1)
    parts = (np.full(len(state), ALIVE), -EFFORT * np.square(push).sum(1))
    return Step(np.concatenate((lean, turn, place, speed), 1), np.stack(parts, 1), fallen)


COURSE = Course(
    components=("alive_reward", "effort_cost"),
    observations=8,
    actions=2,
    discrete=False,
    limit=120,
    start=start,
    step=step,
    observe=lambda state: 2 * state,
)
