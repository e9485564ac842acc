"""Send help to three wards as calls come in: everyone who waits costs, more so in the third ward, and so does moving."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

WARDS = 3
CALLS = np.array((0.25, 0.2, 0.12))
"""Mean number of calls of a ward in a step."""
HELPED, FULL = 1.0, 6.0
"""Calls answered in a step by whoever is there, and how many wait before others go elsewhere."""
WEIGHT = np.array((1.0, 1.0, 3.0))
WAIT, MOVE, LOST = 0.1, 0.15, 1.0


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: calls waiting in each ward, then where help is."""
    return np.concatenate((draw.poisson(1.0, (count, WARDS)), draw.integers(0, WARDS, (count, 1))), 1).astype(float)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """Go where the action says, or stay and help there."""
    waiting, place = state[:, :WARDS], state[:, WARDS].astype(int)
    moved = action != place
    helped = (np.arange(WARDS) == action[:, None]) & ~moved[:, None]
    waiting = np.maximum(waiting - HELPED * helped, 0) + draw.poisson(CALLS * difficulty, waiting.shape)
    lost = np.maximum(waiting - FULL, 0)
    waiting = waiting - lost
    parts = (-WAIT * waiting @ WEIGHT, -MOVE * moved, -LOST * lost.sum(1))
    return Step(np.concatenate((waiting, action[:, None]), 1), np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    """[N, 6]."""
    place = (state[:, WARDS:] == np.arange(WARDS)).astype(float)
    return np.concatenate((state[:, :WARDS] / FULL * 2 - 1, place), 1)


COURSE = Course(
    components=("waiting_cost", "moving_cost", "lost_cost"),
    observations=2 * WARDS,
    actions=WARDS,
    discrete=True,
    limit=100,
    start=start,
    step=step,
    observe=observe,
)
