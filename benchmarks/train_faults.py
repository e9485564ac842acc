"""Train sick and healthy runs with Stable-Baselines3 on four Gymnasium tasks, and label them.

Usage: python benchmarks/train_faults.py OUT [--only TEXT]

Each run directory holds what the RL Baselines3 Zoo leaves behind, progress.csv and config.yml, and a label.json as in
docs/accuracy.md. A sick run differs from its healthy twin in the labelled keys alone and has the same seed. A run that
is there already is kept, so an interrupted call goes on where it stopped. Needs the bench extra.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DEFAULTS: dict[str, Any] = {
    "policy": "MlpPolicy",
    "normalize": False,
    "n_steps": 256,
    "batch_size": 64,
    "n_epochs": 10,
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "learning_rate": 3e-4,
    "clip_range": 0.2,
    "clip_range_vf": None,
    "ent_coef": 0.0,
    "vf_coef": 0.5,
    "max_grad_norm": 0.5,
    "target_kl": None,
    "normalize_advantage": True,
}
TASKS: dict[str, dict[str, Any]] = {
    "Pendulum-v1": {"n_envs": 4, "n_timesteps": 100_000, "n_steps": 1024, "gamma": 0.9, "learning_rate": 1e-3},
    "MountainCarContinuous-v0": {
        "n_envs": 8,
        "n_timesteps": 100_000,
        "normalize": True,
        "ent_coef": 0.004,
        "max_grad_norm": 5.0,
        "gamma": 0.9999,
        "gae_lambda": 0.9,
    },
    "Acrobot-v1": {"n_envs": 16, "n_timesteps": 200_000, "normalize": True, "gae_lambda": 0.94, "n_epochs": 4},
    "InvertedPendulum-v5": {"n_envs": 8, "n_timesteps": 120_000, "normalize": True},
}
"""The healthy settings, near those of the RL Baselines3 Zoo."""
NOT_SB3 = {"policy", "normalize", "n_envs", "n_timesteps"}
HARMLESS = 0.8
"""Share of the healthy twin's improvement from which a fault counts as harmless."""


@dataclass(frozen=True)
class Fault:
    """What is changed, and which answers are right."""

    accept: tuple[str, ...] = ()
    injected: dict[str, Any] = field(default_factory=dict)
    reward_scale: float = 1.0
    seed: int = 3


RAW = {"normalize_kwargs": {"norm_reward": False}}
FAULTS = {
    "healthy": Fault(),
    "healthy2": Fault(seed=7),
    "lr-high": Fault(("learning-rate-too-high",), {"learning_rate": 0.05}),
    "lr-low": Fault(("learning-rate-too-low",), {"learning_rate": 2e-6}),
    "gamma-low": Fault(("discount-too-low",), {"gamma": 0.3}),
    "ent-high": Fault(("entropy-weight-too-high",), {"ent_coef": 1.0}),
    "vf-high": Fault(("value-weight-too-high",), {"vf_coef": 500.0}),
    "clip-wide": Fault(("policy-clip-too-wide", "learning-rate-too-high"), {"clip_range": 20.0, "learning_rate": 3e-3}),
    "unnorm": Fault(("returns-not-normalized",), dict(RAW), reward_scale=1000.0),
    "vclip": Fault(("value-clip-too-tight", "returns-not-normalized"), RAW | {"clip_range_vf": 0.2}, reward_scale=20.0),
    "epochs": Fault(("too-many-epochs", "learning-rate-too-high"), {"n_epochs": 80, "learning_rate": 2e-3}),
}


def config_of(task: str, fault: Fault) -> dict[str, Any]:
    """Return the config.yml of a run."""
    config = {"env": task, "seed": fault.seed, **DEFAULTS, **TASKS[task], **fault.injected}
    if fault.reward_scale != 1.0:
        config["env_wrapper_kwargs"] = {"reward_scale": fault.reward_scale}
    if not config["normalize"]:
        config.pop("normalize_kwargs", None)
    return config


def train(config: dict[str, Any], place: Path) -> None:
    """Train one run and write its files."""
    import gymnasium
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.logger import configure
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv, VecNormalize

    torch.set_num_threads(1)
    scale = config.get("env_wrapper_kwargs", {}).get("reward_scale", 1.0)

    def environment() -> Any:
        made = gymnasium.make(config["env"])
        return Monitor(gymnasium.wrappers.TransformReward(made, lambda reward: scale * reward))

    environments: VecEnv = DummyVecEnv([environment] * config["n_envs"])
    environments.seed(config["seed"])
    if config["normalize"]:
        environments = VecNormalize(environments, gamma=config["gamma"], **config.get("normalize_kwargs", {}))
    settings = {key: config[key] for key in DEFAULTS if key not in NOT_SB3}
    model = PPO(config["policy"], environments, seed=config["seed"], device="cpu", **settings)
    model.set_logger(configure(str(place), ["csv"]))
    model.learn(config["n_timesteps"])


def rewards_of(place: Path, scale: float) -> list[float]:
    """Mean episode rewards in the unit of the healthy run."""
    with (place / "progress.csv").open(newline="") as rows:
        logged = [row["rollout/ep_rew_mean"] for row in csv.DictReader(rows)]
    return [float(value) / scale for value in logged if value]


def label(task: str, name: str, out: Path) -> dict[str, Any]:
    """Return the label of a run, its class from the share of its twin's improvement that it kept."""
    fault = FAULTS[name]
    injected = {**fault.injected, **({} if fault.reward_scale == 1 else {"reward_scale": fault.reward_scale})}
    known = {"fault": next(iter(fault.accept), None), "accept": fault.accept, "task": task, "seed": fault.seed}
    if not fault.accept:
        return known | {"class": "healthy", "injected": {}, "kept": None}
    own = rewards_of(out / f"{name}__{task}", fault.reward_scale)
    twin = rewards_of(out / f"healthy__{task}", 1.0)
    kept = (last(own) - twin[0]) / (last(twin) - twin[0])
    effect = "harmless" if kept >= HARMLESS else "effective"
    return known | {"class": effect, "injected": injected, "kept": round(kept, 3)}


def last(rewards: list[float]) -> float:
    """Mean of the last fifth."""
    late = rewards[-max(1, len(rewards) // 5) :]
    return sum(late) / len(late)


def wanted(only: str) -> Iterator[tuple[str, str]]:
    """Task and fault of every run whose name holds the text, the healthy ones first."""
    yield from ((task, name) for name in FAULTS for task in TASKS if only in f"{name}__{task}")


def main() -> None:
    """Train and label what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT")
    asked = parser.parse_args()
    for task, name in wanted(asked.only):
        place = asked.out / f"{name}__{task}"
        if not (place / "label.json").exists():
            place.mkdir(parents=True, exist_ok=True)
            config = config_of(task, FAULTS[name])
            (place / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False))
            if not (place / "done").exists():
                train(config, place)
            (place / "label.json").write_text(json.dumps(label(task, name, asked.out), indent=1))
            print(place.name, flush=True)


if __name__ == "__main__":
    main()
