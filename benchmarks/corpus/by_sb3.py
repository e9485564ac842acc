"""Train a run with Stable-Baselines3; its own logger writes progress.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import configure
from stable_baselines3.common.vec_env import VecEnv, VecNormalize

from corpus.job import Job
from corpus.record import Record
from corpus.tampering import Payer
from corpus.tasks import TASKS, Settings, Task
from corpus.trunk import Trunk
from corpus.world import World

SAME_NAME = (
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
LOGGED = {
    "train/policy_gradient_loss": "policy_loss",
    "train/value_loss": "value_loss",
    "train/approx_kl": "approx_kl",
    "train/clip_fraction": "clip_fraction",
    "train/explained_variance": "explained_variance",
    "train/learning_rate": "learning_rate",
    "train/std": "action_std",
}
"""Names of loss_metrics.json by those of the logger."""


def train(job: Job, place: Path) -> Record:
    """Train one run and leave its progress.csv in ``place``."""
    torch.set_num_threads(1)
    task, settings = TASKS[job.task], job.settings
    world = task.world(settings["n_envs"])
    record = Record(world.components)
    environments: VecEnv = Environments(world, job, record)
    if settings["normalize_returns"]:
        environments = VecNormalize(environments, norm_obs=False, gamma=settings["gamma"])
    model = PPO(
        "MlpPolicy",
        environments,
        seed=job.seed,
        device="cpu",
        learning_rate=_rate(settings),
        clip_range_vf=settings["clip_range_vf"] if settings["value_clip"] else None,
        policy_kwargs=_network(task, settings),
        **{name: settings[name] for name in SAME_NAME},
    )
    model.set_logger(configure(str(place), ["csv"]))
    try:
        model.learn(task.updates * settings["n_steps"] * settings["n_envs"], callback=Listener(record, settings))
    except ValueError as error:
        record.died = str(error).splitlines()[0]
    return record


def _rate(settings: Settings) -> Any:
    rate = settings["learning_rate"]
    return (lambda remaining: rate * remaining) if settings["anneal"] else rate


def _network(task: Task, settings: Settings) -> dict[str, Any]:
    shape: dict[str, Any] = {"net_arch": [settings["hidden_dim"]] * 2}
    if settings["log_std"]:
        shape["log_std_init"] = settings["log_std"]
    if settings["shared_trunk"]:
        shape |= {
            "net_arch": [],
            "features_extractor_class": Trunk,
            "features_extractor_kwargs": {"width": settings["hidden_dim"]},
        }
    return shape


class Listener(BaseCallback):
    """Notes what ``train()`` logged of each update."""

    def __init__(self, record: Record, settings: Settings) -> None:
        super().__init__()
        self.record, self.settings = record, settings

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        seen = self.model.logger.name_to_value
        if "train/value_loss" in seen:
            self.record.metrics.append(self._metrics(seen))

    _on_training_end = _on_rollout_start

    def _metrics(self, seen: dict[str, Any]) -> dict[str, float]:
        found = {ours: float(seen[theirs]) for theirs, ours in LOGGED.items() if theirs in seen}
        entropy = -float(seen["train/entropy_loss"])
        loss = (
            found["policy_loss"] + self.settings["vf_coef"] * found["value_loss"] - self.settings["ent_coef"] * entropy
        )
        return {"loss": loss, **found, "entropy": entropy}


class Environments(VecEnv):
    """A world as Stable-Baselines3 wants it, with the episodes that its Monitor would report."""

    def __init__(self, world: World, job: Job, record: Record) -> None:
        super().__init__(world.count, world.observation_space, world.action_space)
        self.world, self.job, self.record = world, job, record
        self.payer = Payer(job.tampering, world.components, job.settings["reward_scale"], job.seed)
        self.steps, self.made = job.settings["n_steps"], 0
        self.returns, self.lengths = np.zeros(world.count), np.zeros(world.count, int)

    def reset(self) -> np.ndarray:
        return self.job.tampering.observation_factor * self.world.reset(self.job.seed)

    def step_async(self, actions: np.ndarray) -> None:
        self.actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        update, tampering = self.made // self.steps, self.job.tampering
        if self.made % self.steps == 0:
            progress = update / TASKS[self.job.task].updates
            self.payer.begin_update(progress)
            self.record.weights.append(self.payer.learned)
            self.world.difficulty = tampering.harder if progress >= tampering.harder_at else 1.0
        out = self.world.step(self.actions)
        paid = self.payer.pay(out.parts)
        done = out.terminated | out.truncated
        self.record.step(update, paid.logged, out.parts.sum(1), done)
        self.returns, self.lengths, self.made = self.returns + paid.reward, self.lengths + 1, self.made + 1
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        for n in np.flatnonzero(done):
            infos[n] = {
                "terminal_observation": tampering.observation_factor * out.after[n],
                "TimeLimit.truncated": bool(out.truncated[n]) and not tampering.timeouts_end,
                "episode": {"r": float(self.returns[n]), "l": int(self.lengths[n]), "t": 0.0},
            }
        self.returns, self.lengths = np.where(done, 0.0, self.returns), np.where(done, 0, self.lengths)
        return tampering.observation_factor * out.seen, paid.reward.astype(np.float32), done, infos

    def close(self) -> None:
        pass

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [None] * self.num_envs

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(attr_name)

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        raise AttributeError(method_name)

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> Sequence[bool]:
        return [True] * self.num_envs
