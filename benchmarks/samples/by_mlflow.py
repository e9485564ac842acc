"""A sample of MLflow's file store: Stable-Baselines3's PPO on CartPole, its log handed to MLflow.

Usage: python benchmarks/samples/by_mlflow.py tests/samples

The writer is the one that Stable-Baselines3's documentation shows for MLflow. Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 stable-baselines3==2.9.2 mlflow==3.18.0
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import mlflow
from placing import place
from stable_baselines3 import PPO
from stable_baselines3.common.logger import KVWriter, Logger

SETTINGS = {"learning_rate": 1e-3, "n_steps": 256, "batch_size": 64, "n_epochs": 4, "gamma": 0.98, "clip_range": 0.2}
UPDATES = 6


class ToMlflow(KVWriter):
    """Hands every number of a log to MLflow."""

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, Any], step: int = 0) -> None:
        """Log the numbers of one update."""
        numbers = {key: float(value) for key, value in key_values.items() if not isinstance(value, str)}
        mlflow.log_metrics(numbers, step=step)


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        mlflow.set_tracking_uri((Path(folder) / "store").as_uri())
        with mlflow.start_run():
            mlflow.log_params(SETTINGS)
            model = PPO("MlpPolicy", "CartPole-v1", seed=3, device="cpu", **SETTINGS)
            model.set_logger(Logger(folder=None, output_formats=[ToMlflow()]))
            model.learn(UPDATES * SETTINGS["n_steps"])
        run = next(Path(folder).glob("store/*/*/meta.yaml")).parent
        meta = run / "meta.yaml"
        meta.write_text(meta.read_text().replace(folder, "/store"))
        place(run, samples / "mlflow", "meta.yaml", "metrics/**/*", "params/*")


if __name__ == "__main__":
    main()
