"""Samples of on-policy MAPPO: two agents of its particle world, 8 updates, once shared and once with a policy each.

Usage: python benchmarks/samples/by_mappo.py ON_POLICY tests/samples

ON_POLICY is a checkout of on-policy at de66d7a, whose script is run as it is; it writes its results into the checkout.
Its settings are in neither sample: only Weights & Biases is given them. Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 gym==0.26.2 wandb==0.31.0 tensorboardX==2.6.5 \\
        setproctitle imageio seaborn
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from placing import place

ARGUMENTS = [
    "--env_name",
    "MPE",
    "--scenario_name",
    "simple_spread",
    "--algorithm_name",
    "mappo",
    "--num_agents",
    "2",
    "--num_landmarks",
    "2",
    "--seed",
    "3",
    "--n_rollout_threads",
    "2",
    "--n_training_threads",
    "1",
    "--num_mini_batch",
    "1",
    "--episode_length",
    "25",
    "--num_env_steps",
    "400",
    "--ppo_epoch",
    "5",
    "--entropy_coef",
    "0.015",
    "--log_interval",
    "1",
    "--cuda",
]
APART, TENSORBOARD = "--share_policy", "--use_wandb"
"""Switches of the command line, each of which turns something off."""


def train(source: Path, name: str, *switches: str) -> Path:
    """Run the trainer and return where it kept its results."""
    script = source / "onpolicy" / "scripts" / "train" / "train_mpe.py"
    results = source / "onpolicy" / "scripts" / "results" / "MPE" / "simple_spread" / "mappo" / name
    shutil.rmtree(results, ignore_errors=True)
    environment = os.environ | {"PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(script), *ARGUMENTS, "--experiment_name", name, *switches]
    subprocess.run(command, env=environment, check=True)
    return results


def main() -> None:
    source, samples = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shared = train(source, "shared", TENSORBOARD) / "run1"
    apart = train(source, "apart", TENSORBOARD, APART) / "run1"
    for run, name in ((shared, "mappo"), (apart, "mappo_apart")):
        summary = run / "logs" / "summary.json"
        summary.write_text(summary.read_text().replace(str(run), "/results/run1"))
        place(run, samples / name, "logs/summary.json")


if __name__ == "__main__":
    main()
