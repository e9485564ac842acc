"""Samples of Stable-Baselines3 and of the RL Baselines3 Zoo.

Usage: python benchmarks/samples/by_sb3.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 stable-baselines3==2.9.2 rl_zoo3==2.9.2 tensorboard==2.21.0

``sb3`` is one run of 12 updates in every format of the logger, with the episodes of its monitors. ``zoo`` is the
directory that the Zoo's ``train`` makes, with rewards normalised; ``zoo_events`` holds its config and its events, which
it keeps elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from placing import place

ZOO = ("--algo", "ppo", "--env", "CartPole-v1", "--n-timesteps", "3072", "--seed", "1", "--eval-freq", "1024")
ZOO_HYPERPARAMS = ("n_envs:4", "n_steps:64", "normalize:\"{'norm_obs': False, 'norm_reward': True}\"")


def with_every_logger(run: Path) -> None:
    """Train PPO on CartPole and log it as CSV, JSON, events and episodes."""
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.logger import configure

    environment = make_vec_env("CartPole-v1", n_envs=2, seed=1, monitor_dir=str(run))
    model = PPO("MlpPolicy", environment, n_steps=128, clip_range_vf=0.5, ent_coef=0.01, seed=1, device="cpu")
    model.set_logger(configure(str(run), ["csv", "json", "tensorboard"]))
    model.learn(12 * 256)


def with_the_zoo(run: Path) -> None:
    """Train with the Zoo's own script."""
    command = [sys.executable, "-m", "rl_zoo3.train", *ZOO, "--tensorboard-log", "tb", "--log-folder", "logs"]
    command += ["--hyperparams", *ZOO_HYPERPARAMS]
    subprocess.run(command, cwd=run, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=True)


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as made:
        run = Path(made)
        with_every_logger(run)
        place(run, samples / "sb3", "*")
    with tempfile.TemporaryDirectory() as made:
        run = Path(made)
        with_the_zoo(run)
        logs = run / "logs" / "ppo" / "CartPole-v1_1"
        kept = ("*.monitor.csv", "evaluations.npz", "*/*.yml", "*/vecnormalize.pkl")
        place(logs, samples / "zoo", *kept)
        for events in run.glob("tb/**/*.tfevents.*"):
            shutil.copy(events, logs)
        place(logs, samples / "zoo_events", "*.tfevents.*", "*/*.yml")


if __name__ == "__main__":
    main()
