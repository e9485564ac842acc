"""A sample of MLflow's file store: Stable-Baselines3's PPO on CartPole, every dump of its logger sent to MLflow.

Usage: python benchmarks/samples/by_mlflow.py tests/samples

Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 stable-baselines3==2.9.2 mlflow-skinny==3.17.2
"""

from __future__ import annotations

import os
import sys
import tempfile
from numbers import Real
from pathlib import Path
from typing import Any

import mlflow
from placing import place
from stable_baselines3 import PPO
from stable_baselines3.common.logger import KVWriter, Logger

UPDATES = 6
ASKED = {"MLFLOW_ALLOW_FILE_STORE": "true", "LOGNAME": "user"}
"""MLflow 3 writes its file store only where it is asked to, and the user's name into it."""
SETTINGS: dict[str, Any] = {"learning_rate": 1e-3, "n_steps": 256, "n_epochs": 4, "gamma": 0.98, "clip_range_vf": None}


class ToMlflow(KVWriter):
    """Sends the numbers of a dump to the run that is active."""

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, tuple[str, ...]], step: int = 0) -> None:
        numbers = {key: float(value) for key, value in key_values.items() if isinstance(value, Real)}
        mlflow.log_metrics(numbers, step=step)

    def close(self) -> None:
        """Leave the run to whoever began it."""


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ.update(ASKED)
        mlflow.set_tracking_uri("file:store")
        mlflow.create_experiment("cartpole", artifact_location="mlflow-artifacts:/1")
        mlflow.set_experiment("cartpole")
        with mlflow.start_run(run_name="ppo") as run:
            mlflow.log_params(SETTINGS)
            model = PPO("MlpPolicy", "CartPole-v1", seed=3, device="cpu", **SETTINGS)
            model.set_logger(Logger(None, [ToMlflow()]))
            model.learn(UPDATES * SETTINGS["n_steps"])
        store = Path(folder) / "store" / run.info.experiment_id / run.info.run_id
        place(store, samples / "mlflow", "meta.yaml", "metrics/**/*", "params/**/*")


if __name__ == "__main__":
    main()
