"""A sample of a program under Hydra: Stable-Baselines3's PPO on CartPole, settings in ``.hydra/config.yaml``.

Usage: python benchmarks/samples/by_hydra.py tests/samples

Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 stable-baselines3==2.9.2 hydra-core==1.3.8
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hydra
from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf
from placing import place
from stable_baselines3 import PPO
from stable_baselines3.common.logger import configure

UPDATES = 6


@dataclass
class Ppo:
    """Arguments of the trainer."""

    learning_rate: float = 3e-4
    n_steps: int = 256
    batch_size: int = 64
    n_epochs: int = 4
    gamma: float = 0.98


@dataclass
class Settings:
    """The program's settings."""

    env: str = "CartPole-v1"
    seed: int = 3
    ppo: Ppo = field(default_factory=Ppo)


ConfigStore.instance().store("config", Settings)


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def train(settings: Any) -> None:
    """Train in the directory that Hydra has made for the run."""
    directory = hydra.core.hydra_config.HydraConfig.get().runtime.output_dir
    model = PPO("MlpPolicy", settings.env, seed=settings.seed, device="cpu", **OmegaConf.to_container(settings.ppo))
    model.set_logger(configure(directory, ["csv"]))
    model.learn(UPDATES * settings.ppo.n_steps)


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        sys.argv[1:] = [f"hydra.run.dir={folder}/run", "ppo.learning_rate=0.001"]
        train()
        place(Path(folder) / "run", samples / "hydra", "progress.csv", ".hydra/config.yaml", ".hydra/overrides.yaml")


if __name__ == "__main__":
    main()
