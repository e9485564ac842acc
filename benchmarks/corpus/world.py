"""What both trainers act in: N environments that restart by themselves and pay in components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import gymnasium
import numpy as np

from corpus.courses import Course

Array = np.ndarray


class Outcome(NamedTuple):
    """One step of all environments."""

    seen: Array
    """[N, D]; the first observation of a new episode where the last one ended."""
    after: Array
    """[N, D]; what the step led to."""
    parts: Array
    """Reward by component. [N, K]."""
    terminated: Array
    truncated: Array


class World(Protocol):
    """Environments of one task."""

    components: tuple[str, ...]
    observation_space: gymnasium.spaces.Box
    action_space: gymnasium.Space[Any]
    count: int
    """N."""
    limit: int
    """Steps of the longest episode."""
    difficulty: float

    def reset(self, seed: int) -> Array: ...

    def step(self, actions: Array) -> Outcome: ...


class CourseWorld:
    """A course of our own."""

    def __init__(self, course: Course, count: int) -> None:
        self.components, self.limit, self.count, self.difficulty = course.components, course.limit, count, 1.0
        self.course = course
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (course.observations,), np.float32)
        self.action_space = (
            gymnasium.spaces.Discrete(course.actions)
            if course.discrete
            else gymnasium.spaces.Box(-1.0, 1.0, (course.actions,), np.float32)
        )

    def reset(self, seed: int) -> Array:
        self.draw = np.random.default_rng(seed)
        self.state = self.course.start(self.draw, self.count, self.difficulty)
        self.age = np.zeros(self.count, int)
        return self._observed(self.state)

    def step(self, actions: Array) -> Outcome:
        state, parts, terminated = self.course.step(self.state, actions, self.draw, self.difficulty)
        self.age += 1
        truncated = (self.age >= self.limit) & ~terminated
        done = (terminated | truncated)[:, None]
        fresh = self.course.start(self.draw, self.count, self.difficulty)
        self.state = np.where(done, fresh, state)
        self.age = np.where(done[:, 0], 0, self.age)
        return Outcome(self._observed(self.state), self._observed(state), parts, terminated, truncated)

    def _observed(self, state: Array) -> Array:
        return self.course.observe(state).astype(np.float32)


Parts = Callable[[float, Array, Mapping[str, Any]], tuple[float, ...]]
"""Reward, action and info of a step -> the reward's components."""


class GymWorld:
    """A Gymnasium task, stepped one environment after the other."""

    difficulty = 1.0

    def __init__(self, name: str, count: int, components: tuple[str, ...], parts: Parts, scale: Array) -> None:
        """``scale``: what observations are divided by, [D] or one number."""
        self.environments = [gymnasium.make(name, disable_env_checker=True) for _ in range(count)]
        first = self.environments[0]
        self.components, self.parts, self.scale, self.count = components, parts, scale, count
        self.limit = first.spec.max_episode_steps or 0 if first.spec else 0
        shape = first.observation_space.shape
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, shape, np.float32)
        self.action_space = first.action_space

    def reset(self, seed: int) -> Array:
        return self._scaled(np.stack([one.reset(seed=seed + n)[0] for n, one in enumerate(self.environments)]))

    def step(self, actions: Array) -> Outcome:
        rows = [self._step_one(one, action) for one, action in zip(self.environments, actions, strict=True)]
        seen, after, parts, terminated, truncated = (np.array(column) for column in zip(*rows, strict=True))
        return Outcome(self._scaled(seen), self._scaled(after), parts, terminated, truncated & ~terminated)

    def _step_one(self, one: gymnasium.Env[Any, Any], action: Any) -> tuple[Any, ...]:
        after, reward, terminated, truncated, info = one.step(action)
        seen = one.reset()[0] if terminated or truncated else after
        return seen, after, self.parts(float(reward), action, info), terminated, truncated

    def _scaled(self, seen: Array) -> Array:
        return (seen / self.scale).astype(np.float32)
