"""Keep a shop in stock: orders take two days, demand follows the season; what lies about costs, and so do misses."""

from __future__ import annotations

import numpy as np

from corpus.courses import Array, Course, Step

ORDERS = np.array((0.0, 1.0, 3.0, 6.0, 12.0))
SHELVES = 30.0
"""Most that can lie in stock."""
DEMAND, SEASON = 3.0, 2 * np.pi / 40
PROFIT, STORAGE, MISS, DELIVERY = 1.0, 0.15, 0.5, 0.4


def start(draw: np.random.Generator, count: int, difficulty: float) -> Array:
    """Columns: stock, what comes today, what comes tomorrow, season."""
    stock, today, tomorrow = draw.uniform(0, 10, (3, count))
    return np.stack((stock, today, tomorrow, draw.uniform(0, 2 * np.pi, count)), 1)


def step(state: Array, action: Array, draw: np.random.Generator, difficulty: float) -> Step:
    """A delivery, a day of customers, an order."""
    stock, today, tomorrow, season = state.T
    stock = np.minimum(stock + today, SHELVES)
    wanted = draw.poisson(DEMAND * difficulty * (1 + 0.8 * np.sin(season)))
    sold = np.minimum(stock, wanted)
    left = stock - sold
    ordered = ORDERS[action]
    parts = (PROFIT * sold, -STORAGE * left, -MISS * (wanted - sold) - DELIVERY * (ordered > 0))
    after = np.stack((left, tomorrow, ordered, season + SEASON), 1)
    return Step(after, np.stack(parts, 1), np.zeros(len(state), bool))


def observe(state: Array) -> Array:
    """[N, 5]."""
    stock, today, tomorrow, season = state.T
    return np.stack((stock / 10 - 1, today / 6 - 1, tomorrow / 6 - 1, np.sin(season), np.cos(season)), 1)


COURSE = Course(
    components=("sales_reward", "storage_cost", "service_cost"),
    observations=5,
    actions=len(ORDERS),
    discrete=True,
    limit=80,
    start=start,
    step=step,
    observe=observe,
)
