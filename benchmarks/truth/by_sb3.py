"""One run with Stable-Baselines3, and the directory that the RL Baselines3 Zoo leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import gymnasium
import torch
import yaml
from stable_baselines3 import PPO
from stable_baselines3.common.logger import configure
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv, VecNormalize

from truth.cases import TASKS, Settings, Task
from truth.environment import first_seed, make
from truth.job import Job
from truth.outcome import Outcome, outcome_of

SAME_NAME = (
    "learning_rate",
    "n_epochs",
    "batch_size",
    "n_steps",
    "gamma",
    "gae_lambda",
    "clip_range",
    "vf_coef",
    "ent_coef",
    "max_grad_norm",
    "target_kl",
    "normalize_advantage",
)
"""Hyper-parameters that ``PPO`` takes under their canonical names."""
EXPRESSED = frozenset({*SAME_NAME, "value_clip", "clip_range_vf", "normalize_returns", "reward_scale"})
"""What an arm may change here."""


def train(name: str, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
    """Train runs of one task, one after the other."""
    for job in jobs:
        yield job, _train_one(name, job.cell.seed, job.settings, job.log)


def _train_one(name: str, seed: int, settings: Settings, log: Path | None) -> Outcome:
    """Train one run; with ``log``, leave its config and progress there."""
    task = TASKS[name]
    torch.set_num_threads(1)
    monitored: VecEnv = DummyVecEnv([partial(_environment, name, task, settings)] * settings["n_envs"])
    normalized = settings["normalize_returns"]
    environments = VecNormalize(monitored, norm_obs=False, gamma=settings["gamma"]) if normalized else monitored
    arguments = {key: settings[key] for key in SAME_NAME} | {"clip_range_vf": _value_clip(settings)}
    shape = {"log_std_init": task.log_std, "net_arch": [settings["hidden_dim"]] * 2}
    model = PPO(
        "MlpPolicy", environments, seed=first_seed(seed), device="cpu", policy_kwargs=shape, verbose=0, **arguments
    )
    if log is not None:
        log.mkdir(parents=True, exist_ok=True)
        (log / "config.yml").write_text(yaml.safe_dump(_config(name, task, settings, seed), sort_keys=False))
        model.set_logger(configure(str(log), ["csv"]))
    model.learn(task.updates * settings["n_steps"] * settings["n_envs"])
    length = task.updates * settings["n_steps"]
    return outcome_of(_episodes(monitor, length, settings["reward_scale"]) for monitor in monitored.envs)


def _episodes(monitor: Monitor, length: int, reward_scale: float) -> Iterator[tuple[float, float]]:
    """Time of the end and true return of an environment's episodes."""
    ends = accumulate(monitor.get_episode_lengths())
    for end, gained in zip(ends, monitor.get_episode_rewards(), strict=True):
        yield end / length, gained / reward_scale


def _environment(name: str, task: Task, settings: Settings) -> gymnasium.Env[Any, Any]:
    return Monitor(make(name, task.observation_scale, settings["reward_scale"]))


def _value_clip(settings: Settings) -> float | None:
    return settings["clip_range_vf"] if settings["value_clip"] else None


def _config(name: str, task: Task, settings: Settings, seed: int) -> dict[str, Any]:
    """What the zoo would write."""
    steps = task.updates * settings["n_steps"] * settings["n_envs"]
    config: dict[str, Any] = {
        "env": name,
        "seed": first_seed(seed),
        "n_envs": settings["n_envs"],
        "n_timesteps": steps,
        "policy": "MlpPolicy",
        "normalize": "{'norm_obs': False, 'norm_reward': True}" if settings["normalize_returns"] else False,
    }
    if settings["reward_scale"] != 1.0:
        config["env_wrapper_kwargs"] = {"reward_scale": settings["reward_scale"]}
    if task.log_std:
        config["policy_kwargs"] = f"dict(log_std_init={task.log_std})"
    return config | {key: settings[key] for key in SAME_NAME} | {"clip_range_vf": _value_clip(settings)}
