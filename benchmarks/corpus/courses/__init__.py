"""Small tasks of our own, one file each: many environments at once in numpy, rewards in components.

States are arrays [N, S]. A course may be made harder while a policy learns, as curricula do: ``difficulty`` is 1 at
first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Step(NamedTuple):
    """What a step gave."""

    state: Array
    parts: Array
    """Reward by component. [N, K]."""
    terminated: Array
    """bool [N]."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """A task with states of a few numbers."""

    components: tuple[str, ...]
    """Names of the K reward components."""
    observations: int
    actions: int
    discrete: bool
    """Actions int64 [N] out of ``actions``; else float [N, actions] in [-1, 1]."""
    limit: int
    """Steps after which an episode is cut."""
    start: Callable[[np.random.Generator, int, float], Array]
    """Generator, N, difficulty -> states."""
    step: Callable[[Array, Array, np.random.Generator, float], Step]
    """States, actions, generator, difficulty -> what came of them."""
    observe: Callable[[Array], Array]
    """States -> observations [N, D] of the order one."""
