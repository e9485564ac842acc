"""Small runs of Stable-Baselines3 on an environment of our own: episodes that end, and episodes that are cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gymnasium
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv, VecNormalize

LIMIT = 15


class Drift(gymnasium.Env):  # type: ignore[type-arg, misc]
    """A noisy point that its action pushes; 1 a step, over when it has gone too far, cut after some steps."""

    def __init__(self, discrete: bool, seed: int) -> None:
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (3,))
        self.action_space = gymnasium.spaces.Discrete(2) if discrete else gymnasium.spaces.Box(-1, 1, (2,))
        self._draw = np.random.default_rng(seed)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        self._point, self._steps = self._draw.normal(size=3), 0
        return self._point.astype(np.float32), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self._steps += 1
        push = 0.5 * (2 * action - 1) if np.ndim(action) == 0 else float(np.sum(action))
        self._point = self._point + 0.5 * self._draw.normal(size=3) + push
        over = bool(np.abs(self._point).max() > 4)
        told = {"reward_components": {"alive": 1.0}}
        return self._point.astype(np.float32), 1.0, over, self._steps >= LIMIT and not over, told


@dataclass(frozen=True)
class Case:
    """One run."""

    settings: dict[str, Any] = field(default_factory=dict)
    discrete: bool = True
    normalized: bool = False
    updates: int = 3
    time: int = 128
    count: int = 2

    @property
    def samples(self) -> int:
        return self.time * self.count

    @property
    def steps(self) -> int:
        return self.updates * self.samples


CASES = {
    "discrete": Case(),
    "continuous": Case(discrete=False),
    "value clip": Case({"clip_range_vf": 0.2, "ent_coef": 0.01, "vf_coef": 0.7}),
    "kl stop": Case({"target_kl": 0.003, "learning_rate": 2e-3}),
    "normalized": Case({"clip_range_vf": 0.1}, discrete=False, normalized=True),
    "relu": Case({"policy_kwargs": {"activation_fn": torch.nn.ReLU, "net_arch": [16]}}),
    "schedules": Case(
        {"learning_rate": lambda left: 1e-3 * left, "clip_range": lambda left: 0.1 + 0.2 * left, "n_epochs": 3}
    ),
    "a last minibatch that is smaller": Case({"batch_size": 100, "normalize_advantage": False}),
}


def environments(case: Case) -> VecEnv:
    plain = DummyVecEnv([lambda seed=seed: Drift(case.discrete, seed) for seed in range(case.count)])
    return VecNormalize(plain) if case.normalized else plain


def model_of(case: Case) -> PPO:
    return PPO("MlpPolicy", environments(case), n_steps=case.time, seed=5, device="cpu", **case.settings)
