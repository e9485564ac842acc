"""Samples of RLlib's PPO on CartPole, 3 iterations each: its new API, its old one, and Ray 2.9.

Usage: python benchmarks/samples/by_rllib.py new_api|old_api|ray_2_9 tests/samples

Environments, the second one for Ray 2.9:

    python -m venv env && env/bin/pip install torch==2.13.0 'ray[rllib]==2.60.0'
    python -m venv env && env/bin/pip install torch==2.13.0 'ray[rllib]==2.9.3' numpy==1.26.4 pyarrow==17.0.0

Tune's loggers write every result three times: ``result.json``, ``progress.csv`` and an event file; here they are three
samples. The trainer runs in the script's own process, with the loggers that it is given.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

import ray
from placing import place
from ray.rllib.algorithms.ppo import PPOConfig
from ray.tune.logger import UnifiedLogger

ITERATIONS = 3
SAMPLES = {
    "new_api": ("rllib_new_api", "rllib_new_api_result", "rllib_new_api_events"),
    "old_api": ("rllib_old_api", "rllib_old_api_result", "rllib_old_api_events"),
    "ray_2_9": ("rllib_ray_2_9", "rllib_ray_2_9_result", "rllib_ray_2_9_events"),
}
"""Names of the table, of the results in JSON and of the events, by API."""


def settings(api: str) -> PPOConfig:
    """Return the trainer's config, in the spelling of the API."""
    config = PPOConfig().environment("CartPole-v1").framework("torch").debugging(seed=3)
    shared = {"train_batch_size": 512, "lr": 1e-3, "entropy_coeff": 0.01, "gamma": 0.98}
    if api == "ray_2_9":
        return config.rollouts(num_rollout_workers=0).training(sgd_minibatch_size=128, num_sgd_iter=4, **shared)
    is_new = api == "new_api"
    config = config.api_stack(enable_rl_module_and_learner=is_new, enable_env_runner_and_connector_v2=is_new)
    return config.env_runners(num_env_runners=0).training(minibatch_size=128, num_epochs=4, **shared)


def without_host(file: Path) -> None:
    """Put another name in place of this machine's."""
    host, address = socket.gethostname(), ray.util.get_node_ip_address()
    text = file.read_text().replace(f'"{host}"', '"host"').replace(f",{host},", ",host,")
    file.write_text(text.replace(address, "127.0.0.1"))


def main() -> None:
    api, samples = sys.argv[1], Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        ray.init(num_cpus=2, include_dashboard=False)
        run = Path(folder) / "run"
        run.mkdir()
        trainer = settings(api).build(logger_creator=lambda config: UnifiedLogger(config, str(run)))
        for _ in range(ITERATIONS):
            trainer.train()
        trainer.stop()
        for name in ("result.json", "progress.csv"):
            without_host(run / name)
        table, results, events = SAMPLES[api]
        place(run, samples / table, "progress.csv", "params.json")
        place(run, samples / results, "result.json")
        place(run, samples / events, "*tfevents*", "params.json")


if __name__ == "__main__":
    main()
