"""A sample of torch-ac with the scripts of rl-starter-files: PPO in MiniGrid's empty room, 6 updates.

Usage: python benchmarks/samples/by_torch_ac.py RL_STARTER_FILES tests/samples

RL_STARTER_FILES is a checkout of rl-starter-files at 317da04, which is run as it is. Environment:

    python -m venv env && env/bin/pip install torch==2.13.0 torch-ac==1.4.0 minigrid==3.2.0 tensorboardX==2.6.5
"""

from __future__ import annotations

import contextlib
import os
import runpy
import sys
import tempfile
from pathlib import Path

from minigrid import register_minigrid_envs
from placing import place

MODEL = "empty-room"
ARGUMENTS = ["--algo", "ppo", "--env", "MiniGrid-Empty-5x5-v0", "--model", MODEL, "--seed", "3", "--procs", "4"]
ARGUMENTS += ["--frames-per-proc", "64", "--frames", "1536", "--lr", "0.002", "--entropy-coef", "0.02"]


def main() -> None:
    source, samples = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    register_minigrid_envs()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(source):
        os.environ["RL_STORAGE"] = folder
        sys.path.insert(0, str(source))
        sys.argv = ["train.py", *ARGUMENTS]
        runpy.run_path("scripts/train.py", run_name="__main__")
        place(Path(folder) / MODEL, samples / "torch_ac", "log.csv", "log.txt", "*tfevents*")


if __name__ == "__main__":
    main()
