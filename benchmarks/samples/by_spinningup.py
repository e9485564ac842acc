"""A sample of Spinning Up's PPO in PyTorch on CartPole, 6 epochs.

Usage: python benchmarks/samples/by_spinningup.py SPINNINGUP tests/samples

SPINNINGUP is a checkout at 038665d. Its package and its logger import TensorFlow 1, for algorithms that are not run
here: the package is imported without its ``__init__``, and an empty module stands for TensorFlow. Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 gymnasium==1.4.0 gym==0.26.2 mpi4py==4.1.2 mpich==5.0.2 \
        joblib==1.6.0 psutil==7.2.2
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import gymnasium
from gym.spaces import Box, Discrete
from placing import place


class CartPole:
    """CartPole with the interface of old."""

    def __init__(self) -> None:
        """Make the environment."""
        self._environment = gymnasium.make("CartPole-v1")
        self._seed: int | None = 7
        low, high = self._environment.observation_space.low, self._environment.observation_space.high
        self.observation_space = Box(low, high)
        self.action_space = Discrete(2)

    def reset(self) -> Any:
        """Begin an episode and return the observation."""
        observation, _ = self._environment.reset(seed=self._seed)
        self._seed = None
        return observation

    def step(self, action: Any) -> tuple[Any, float, bool, dict[str, Any]]:
        """Take a step; where the time is over, the episode is done."""
        observation, reward, terminated, truncated, info = self._environment.step(int(action))
        return observation, float(reward), terminated or truncated, info


def import_ppo(source: Path) -> Any:
    """Return the trainer's function."""
    package, tensorflow = ModuleType("spinup"), ModuleType("tensorflow")
    package.__path__ = [str(source / "spinup")]
    tensorflow.__spec__ = ModuleSpec("tensorflow", None)
    sys.modules |= {"spinup": package, "tensorflow": tensorflow}
    from spinup.algos.pytorch.ppo.ppo import ppo

    return ppo


def main() -> None:
    source, samples = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    ppo = import_ppo(source)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        logger = {"output_dir": "cartpole", "exp_name": "cartpole"}
        sizes = {"hidden_sizes": (32, 32)}
        ppo(CartPole, ac_kwargs=sizes, seed=7, steps_per_epoch=500, epochs=6, gamma=0.98, logger_kwargs=logger)
        place(Path(folder) / "cartpole", samples / "spinningup", "progress.txt", "config.json")


if __name__ == "__main__":
    main()
