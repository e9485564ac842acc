"""Closed-loop tasks in torch, one file a task: small, seeded from outside, the same for all candidates.

A task is told its noise, so two candidates that act alike in the same environment at the same step see the same thing.
All states stand in tensors [..., entries] whose leading axes are those of candidates and environments. Actions are a
force in [-1, 1]. A reward is of the order one a step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from rundoctor.discover import discover


class Step(NamedTuple):
    """What a step of the task gives."""

    state: Tensor
    reward: Tensor
    """[...]; before the user's scale."""
    terminated: Tensor
    """bool [...]."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A Markov decision process with a state of few entries."""

    name: str
    about: str
    """What kind of user's task it stands for, in one clause."""
    observations: int
    limit: int
    """Steps after which an episode is cut."""
    start_noise: int
    """Normal numbers [..., n] that a start needs."""
    step_noise: int
    """Normal numbers [..., n] that a step needs."""
    ends: bool
    """Whether episodes end by what the policy does; else they all last to the limit."""
    pays: int
    """Sign of the reward of a step; 0 where it changes."""
    start: Callable[[Tensor], Tensor]
    """noise [..., n] -> state."""
    step: Callable[[Tensor, Tensor, Tensor], Step]
    """state, force [...], noise [..., n] -> what came of it."""
    observe: Callable[[Tensor], Tensor]
    """state -> observations [..., D] of the order one."""


def all_tasks() -> dict[str, Task]:
    """Return every task by name."""
    return {task.name: task for task in discover(__name__, Task)}
