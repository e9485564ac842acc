"""How closely the control reproduces recorded Stable-Baselines3 runs, and what recording costs.

    python benchmarks/recorded_fidelity.py [CASE ...] [--threads 1]

Trains each case twice, with the callback and without, in turn; replays the control on what was recorded.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize

from rundoctor.integrations.sb3 import RecordingCallback
from rundoctor.replaying.recorded.fidelity import Fidelity, fidelity
from rundoctor.replaying.recorded.outcome import replay_update
from rundoctor.replaying.recorded.update import read_update
from rundoctor.replaying.recorded.update_file import update_files

RELU = {"policy_kwargs": {"activation_fn": torch.nn.ReLU}}
CASES: dict[str, tuple[str, int, dict[str, Any], bool]] = {
    "CartPole": ("CartPole-v1", 4, {"n_steps": 256}, False),
    "CartPole, value clip, KL stop": (
        "CartPole-v1",
        4,
        {"n_steps": 256, "clip_range_vf": 0.2, "target_kl": 0.005, "ent_coef": 0.01},
        False,
    ),
    "CartPole, 2048 steps": ("CartPole-v1", 1, {}, False),
    "CartPole, schedules": (
        "CartPole-v1",
        4,
        {
            "n_steps": 256,
            "learning_rate": lambda left: 1e-3 * left,
            "clip_range": lambda left: 0.01 + 0.3 * left,
            "normalize_advantage": False,
        },
        False,
    ),
    "Pendulum, raw": ("Pendulum-v1", 4, {"n_steps": 512}, False),
    "Pendulum, VecNormalize, ReLU": ("Pendulum-v1", 4, {"n_steps": 512, "gamma": 0.9, **RELU}, True),
    "InvertedPendulum, VecNormalize": ("InvertedPendulum-v5", 2, {"n_steps": 1024}, True),
}
UPDATES = 20
"""Of training; one of them more or less evenly spread goes into each of the recorder's 16 places."""


def trained(case: str, callback: RecordingCallback | None) -> float:
    """CPU seconds of training."""
    name, count, settings, normalized = CASES[case]
    environments = make_vec_env(name, count, seed=1)
    model = PPO(
        "MlpPolicy", VecNormalize(environments) if normalized else environments, seed=3, device="cpu", **settings
    )
    start = time.process_time()
    model.learn(UPDATES * model.n_steps * count, callback=callback)
    return time.process_time() - start


def reproduced(directory: Path) -> list[Fidelity]:
    updates = [read_update(path) for path in update_files(directory)]
    return [fidelity(update, replay_update(update, [update.config], 0), 0) for update in updates]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="*", default=list(CASES))
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print("| run | updates within 1e-4 | losses: median, largest | parameters: median, largest | CPU time over plain |")
    print("|---|---|---|---|---|")
    for case in options.case:
        with tempfile.TemporaryDirectory() as place:
            plain = trained(case, None)
            recording = trained(case, RecordingCallback(Path(place) / "run"))
            found = reproduced(Path(place) / "run")
        losses, parameters = ([getattr(one, name) for one in found] for name in ("losses", "parameters"))
        figures = [f"{np.median(values):.1e}, {max(values):.1e}" for values in (losses, parameters)]
        within = f"{sum(one.reproduced for one in found)} of {len(found)}"
        print(f"| {case} | {within} | {figures[0]} | {figures[1]} | {recording / plain:.2f} |", flush=True)


if __name__ == "__main__":
    main()
