"""The environments, the same for both trainers."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

SEEDS_APART = 1000
"""Between the first environments of two seeds, so that no two runs of a case share an environment's seed."""


def first_seed(seed: int) -> int:
    """Seed of a run's first environment; the others count up from it."""
    return SEEDS_APART * (seed + 1)


def make(name: str, observation_scale: tuple[float, ...], reward_scale: float) -> gymnasium.Env[Any, Any]:
    """An environment with its observations divided by constants and its reward multiplied by one."""
    made: gymnasium.Env[Any, Any] = gymnasium.make(name, disable_env_checker=True)
    if observation_scale:
        scale = np.array(observation_scale)
        space = gymnasium.spaces.Box(-np.inf, np.inf, scale.shape, np.float32)
        made = gymnasium.wrappers.TransformObservation(made, lambda seen: (seen / scale).astype(np.float32), space)
    if reward_scale != 1.0:
        made = gymnasium.wrappers.TransformReward(made, lambda reward: reward_scale * reward)
    return made
