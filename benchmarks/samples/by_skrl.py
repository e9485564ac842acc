"""Samples of skrl with the library's runner: four environments of CartPole, and of MountainCarContinuous for 1.4.

Usage: python benchmarks/samples/by_skrl.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 tensorboard==2.21.0 gymnasium==1.4.0 skrl==2.1.1

writes ``skrl``; with skrl==1.4.3 in an environment of its own the script writes ``skrl_1``. The library logs events and
no config: ``params/agent.yaml`` is the runner's config, put there as IsaacLab's train script does. Keys that it does
not hold have the library's defaults, which differ between the two.
"""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gymnasium
import torch
import yaml
from placing import place
from skrl.envs.wrappers.torch import wrap_env
from skrl.utils import set_seed
from skrl.utils.runner.torch import Runner

OLD = version("skrl").startswith("1.")
UPDATES, ROLLOUT = 12, 64
TASK = "MountainCarContinuous-v0" if OLD else "CartPole-v1"
NETWORK = [{"name": "net", "input": "OBSERVATIONS" if not OLD else "STATES", "layers": [32], "activations": "tanh"}]
CONFIG: dict[str, Any] = {
    "seed": 1,
    "models": {
        "separate": True,
        "policy": {"class": "GaussianMixin" if OLD else "CategoricalMixin", "network": NETWORK, "output": "ACTIONS"},
        "value": {"class": "DeterministicMixin", "network": NETWORK, "output": "ONE"},
    },
    "memory": {"class": "RandomMemory", "memory_size": -1},
    "agent": {
        "class": "PPO",
        "rollouts": ROLLOUT,
        "learning_epochs": 4,
        "mini_batches": 2,
        "discount_factor": 0.99,
        **({"lambda": 0.9} if OLD else {"gae_lambda": 0.9}),
        "learning_rate": 0.001,
        "ratio_clip": 0.2,
        "entropy_loss_scale": 0.01,
        "value_preprocessor": "RunningStandardScaler",
        "value_preprocessor_kwargs": None,
        "grad_norm_clip": 0.5,
        "experiment": {"directory": "", "experiment_name": "run", "write_interval": ROLLOUT, "checkpoint_interval": 0},
    },
    "trainer": {"class": "SequentialTrainer", "timesteps": UPDATES * ROLLOUT, "environment_info": "log"},
}


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    torch.set_num_threads(1)
    set_seed(1)
    environment = wrap_env(gymnasium.make_vec(TASK, num_envs=4, vectorization_mode="sync"))
    with tempfile.TemporaryDirectory() as made:
        run = Path(made) / "run"
        (run / "params").mkdir(parents=True)
        (run / "params" / "agent.yaml").write_text(yaml.dump(CONFIG, sort_keys=False))
        given = yaml.safe_load(yaml.dump(CONFIG))
        given["agent"]["experiment"]["directory"] = made
        Runner(environment, given).run("train")
        place(run, samples / ("skrl_1" if OLD else "skrl"), "events*", "params/*")


if __name__ == "__main__":
    main()
