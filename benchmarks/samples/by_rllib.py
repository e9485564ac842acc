"""Samples of RLlib's PPO on CartPole under Tune, 3 iterations with the new API and with the old one.

Usage: python benchmarks/samples/by_rllib.py tests/samples

Tune writes every result three times: ``result.json``, ``progress.csv`` and an event file; each is a sample.
Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 'ray[rllib]==2.60.0'
"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

import ray
from placing import place
from ray import tune
from ray.rllib.algorithms.ppo import PPOConfig

ITERATIONS = 3


def settings() -> PPOConfig:
    """Return the trainer's config."""
    config = PPOConfig().environment("CartPole-v1").framework("torch").debugging(seed=3).env_runners(num_env_runners=0)
    update = {"train_batch_size": 512, "minibatch_size": 128, "num_epochs": 4}
    return config.training(lr=1e-3, entropy_coeff=0.01, gamma=0.98, **update)


def without_host(file: Path) -> None:
    """Put another name in place of this machine's."""
    host, address = socket.gethostname(), ray.util.get_node_ip_address()
    text = file.read_text().replace(f'"{host}"', '"host"').replace(f",{host},", ",host,")
    file.write_text(text.replace(address, "127.0.0.1"))


def trained(folder: Path, name: str, config: PPOConfig) -> Path:
    """Train under Tune and return the trial's directory."""
    where = tune.RunConfig(name=name, storage_path=str(folder), stop={"training_iteration": ITERATIONS})
    tune.Tuner("PPO", param_space=config, run_config=where).fit()
    run = next(folder.glob(f"{name}/PPO_*"))
    for file in ("result.json", "progress.csv"):
        without_host(run / file)
    return run


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    old = {"enable_rl_module_and_learner": False, "enable_env_runner_and_connector_v2": False}
    with tempfile.TemporaryDirectory() as folder:
        ray.init(num_cpus=2, include_dashboard=False)
        run = trained(Path(folder), "new", settings())
        place(run, samples / "rllib_new_api", "progress.csv", "params.json")
        place(run, samples / "rllib_new_api_result", "result.json")
        place(run, samples / "rllib_new_api_events", "*tfevents*", "params.json")
        run = trained(Path(folder), "old", settings().api_stack(**old))
        place(run, samples / "rllib_old_api", "progress.csv", "params.json")
        place(run, samples / "rllib_old_api_result", "result.json")
        place(run, samples / "rllib_old_api_events", "*tfevents*", "params.json")


if __name__ == "__main__":
    main()
