"""One Gymnasium environment by the name that the user gives, and what the core has to know to act in it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rundoctor.errors import RundoctorError

USUAL_LIMIT = 1000
"""Steps after which an episode is cut where the task sets no limit: what Gymnasium gives its locomotion tasks."""
LONGEST = 10_000
"""Steps after which every episode is cut, so that the noise of a judged one fits into memory."""
MOST_ENTRIES = 1024
"""Entries of the largest observation, and most actions: an observation with more is an image, and wants another network
than the core's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GymTask:
    """The spaces of an environment, and how long its episodes last."""

    observations: int
    """D; entries of an observation."""
    actions: int
    """Number of discrete actions, or entries of a continuous one."""
    discrete: bool
    first: int
    """The first discrete action."""
    shape: tuple[int, ...]
    """Of a continuous action."""
    low: np.ndarray
    """Bounds of a continuous action, flat. [A]."""
    high: np.ndarray
    limit: int
    """Steps of the longest episode."""


@cache
def gym_task(name: str) -> GymTask:
    """Make the environment once and look at it.

    Raises:
        RundoctorError: it cannot be made, or the core has no network for its spaces.
    """
    environment = made(name)
    from gymnasium.spaces import Box, Discrete

    seen, acts = environment.observation_space, environment.action_space
    size = int(np.prod(seen.shape)) if isinstance(seen, Box) else 0
    if not 1 <= size <= MOST_ENTRIES:
        hint = f"the core needs a Box of at most {MOST_ENTRIES} entries: wrap the task in a factory"
        raise RundoctorError(f"--env {name} has observations {_short(seen)}", hint)
    floats = isinstance(acts, Box) and np.issubdtype(acts.dtype, np.floating)
    if not (floats and np.prod(acts.shape)) and not isinstance(acts, Discrete):
        hint = "the core needs Discrete actions or a Box of floats: wrap the task in a factory"
        raise RundoctorError(f"--env {name} has actions {_short(acts)}", hint)
    actions = int(np.prod(acts.shape) if floats else acts.n)
    if actions > MOST_ENTRIES:
        raise RundoctorError(f"--env {name} has {actions} actions", f"the core takes {MOST_ENTRIES} at most")
    return GymTask(
        observations=size,
        actions=actions,
        discrete=not floats,
        first=0 if floats else int(acts.start),
        shape=acts.shape,
        low=acts.low.reshape(-1) if floats else np.zeros(0),
        high=acts.high.reshape(-1) if floats else np.zeros(0),
        limit=min(_limit(environment), LONGEST),
    )


def made(name: str) -> Any:
    """Return a new environment: ``CartPole-v1``, or what ``package.module:factory`` makes.

    Raises:
        RundoctorError: Gymnasium is not installed, nothing has that name, or what has it fails.
    """
    try:
        import gymnasium
    except ImportError:
        raise RundoctorError(f"--env {name} needs gymnasium", "pip install 'rundoctor[env]'") from None
    module, _, attribute = name.rpartition(":")
    if not module or not attribute.isidentifier():
        with blamed(name, "cannot be made"):
            return gymnasium.make(name, disable_env_checker=True)
    factory = _factory(name, module, attribute)
    with blamed(name, "fails"):
        environment = factory()
    if not isinstance(environment, gymnasium.Env):
        found = type(environment).__name__
        raise RundoctorError(f"--env {name} makes a {found}", "it has to return a gymnasium.Env")
    return environment


@contextmanager
def blamed(name: str, what: str) -> Iterator[None]:
    """Turn whatever the user's code raises into one line that names it."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise RundoctorError(
            f"--env {name} {what}: {_line(error)}", "rundoctor replays without --env as well"
        ) from error


def _factory(name: str, module: str, attribute: str) -> Callable[[], Any]:
    """The factory, looked for in the current directory first, as ``python -m`` does."""
    if (here := os.getcwd()) not in sys.path:
        sys.path.insert(0, here)
    with blamed(name, "cannot be imported"):
        found = getattr(importlib.import_module(module), attribute, None)
    if not callable(found):
        hint = f"{module} needs a function {attribute}() that returns a gymnasium.Env"
        raise RundoctorError(f"--env {name}: {module} has no {attribute} to call", hint)
    factory: Callable[[], Any] = found
    return factory


def _limit(environment: Any) -> int:
    """Of the specification, else of a ``TimeLimit`` that was put around by hand."""
    limit = getattr(environment.spec, "max_episode_steps", None)
    if limit is None and environment.has_wrapper_attr("_max_episode_steps"):
        limit = environment.get_wrapper_attr("_max_episode_steps")
    return int(limit or USUAL_LIMIT)


def _line(error: BaseException) -> str:
    """The first line of what an error says."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


def _short(space: object) -> str:
    """A space in words, without the rows of its bounds."""
    shape = getattr(space, "shape", None)
    return f"{type(space).__name__} of shape {shape}" if shape else str(space).replace("\n", " ")[:80]
