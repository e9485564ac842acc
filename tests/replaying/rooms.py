"""Gymnasium environments for the tests of worlds in them; imported by name, as a user's factory is."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiDiscrete

FIRST = 5
"""The first action of a ``Corridor``: it ends the episode."""


class Corridor(gymnasium.Env[Any, Any]):
    """Drifts by a random amount a step; action 5 ends it, 6 and 7 pay 1 and 2. Observations begin with the start."""

    observation_space = Box(-np.inf, np.inf, (3,), np.float64)
    action_space = Discrete(3, start=FIRST)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.start = self.place = self.np_random.normal()
        self.made = 0
        return self.seen(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        assert self.action_space.contains(action), action
        self.made += 1
        self.place += self.np_random.normal()
        return self.seen(), float(action - FIRST), bool(action == FIRST), False, {}

    def seen(self) -> Any:
        return np.array([self.start, self.place, self.made])


class Slider(gymnasium.Env[Any, Any]):
    """Shows the last action, which has two rows; ends never, and pays in an array."""

    observation_space = Box(-1, 1, (2, 1), np.float32)
    action_space = Box(np.array([[-0.5], [-2.0]]), np.array([[0.5], [np.inf]]), (2, 1), np.float64)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return np.zeros((2, 1), np.float32), {}

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        assert self.action_space.contains(action), action
        seen = np.float32(action)
        action[:] = 99.0
        return seen, np.array([1.0]), False, False, {}


class Mapped(Corridor):
    observation_space = Dict({"place": Box(-1, 1, (1,))})  # type: ignore[assignment]


class Countless(Corridor):
    """More actions than fit into memory."""

    action_space = Discrete(10**9)


class Many(Corridor):
    action_space = MultiDiscrete([2, 2])  # type: ignore[assignment]


class Camera(Corridor):
    observation_space = Box(0, 255, (96, 96, 3), np.uint8)


class Faulty(Corridor):
    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        raise KeyError("joint_7\nsecond line")


def cut() -> Any:
    return gymnasium.wrappers.TimeLimit(Slider(), 7)


def broken() -> Any:
    raise ValueError("no licence\nfor the simulator")


def wrong() -> Any:
    return {"not": "an environment"}


NUMBER = 3
