"""A sample of Sample Factory's APPO on CartPole, in one process and in step, 8 or more batches of 512 steps.

Usage: python benchmarks/samples/by_sample_factory.py tests/samples

Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 sample-factory==2.1.1
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import gymnasium
from placing import place
from sample_factory.cfg.arguments import parse_full_cfg, parse_sf_args
from sample_factory.envs.env_utils import register_env
from sample_factory.train import run_rl

ARGUMENTS = [
    "--algo=APPO",
    "--env=cartpole",
    "--experiment=run",
    "--train_dir=results",
    "--serial_mode=True",
    "--async_rl=False",
    "--num_workers=1",
    "--num_envs_per_worker=8",
    "--worker_num_splits=1",
    "--rollout=64",
    "--batch_size=256",
    "--num_batches_per_epoch=2",
    "--num_epochs=2",
    "--train_for_env_steps=4096",
    "--use_rnn=False",
    "--recurrence=1",
    "--device=cpu",
    "--seed=3",
    "--experiment_summaries_interval=1",
    "--stats_avg=20",
    "--decorrelate_experience_max_seconds=0",
]


def make(name: str, *_: Any, **__: Any) -> Any:
    """Return the environment, whatever is known of the run."""
    return gymnasium.make("CartPole-v1")


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    register_env("cartpole", make)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        parser, _ = parse_sf_args(ARGUMENTS)
        run_rl(parse_full_cfg(parser, ARGUMENTS))
        run = Path(folder) / "results" / "run"
        place(run, samples / "sample_factory", "config.json", ".summary/*/*tfevents*")


if __name__ == "__main__":
    main()
