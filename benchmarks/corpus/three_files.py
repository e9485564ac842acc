"""A record as rundoctor's three files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from corpus.job import Job
from corpus.record import Episode, Record
from corpus.tasks import TASKS

EPISODES_KEPT = 5
"""Of an update: enough for a mean, and the files stay small. Those that earned no number are kept beside them."""
SMOOTHED = 20


def write(place: Path, job: Job, record: Record) -> None:
    """config.yaml, loss_metrics.json and reward_components_stats.json.

    Episodes are written as they end, updates after they are made: a training that dies leaves more of the first.
    """
    place.mkdir(parents=True, exist_ok=True)
    by_update: list[list[Episode]] = [[] for _ in record.weights]
    for one in record.episodes():
        by_update[one.update].append(one)
    (place / "config.yaml").write_text(yaml.safe_dump(_config(job), sort_keys=False))
    (place / "loss_metrics.json").write_text(_lines(_updates(by_update, record)))
    (place / "reward_components_stats.json").write_text(_lines(_components(by_update, record)))


def _updates(by_update: list[list[Episode]], record: Record) -> Iterator[dict[str, Any]]:
    done, losses = 0, []
    for batch, (episodes, metrics) in enumerate(zip(by_update, record.metrics, strict=False)):
        done += len(episodes)
        losses.append(metrics["loss"])
        returns = [float(one.parts.sum()) for one in episodes]
        yield {
            "episode": done,
            "batch": batch,
            "loss": _short(metrics["loss"]),
            "smoothed_loss": _short(float(np.mean(losses[-SMOOTHED:]))),
            "best_reward": _short(max(returns)) if returns else None,
            "checkpoint_filename": None,
            "mean_reward": _short(float(np.mean(returns))) if returns else None,
            "mean_episode_length": _short(float(np.mean([len(one.parts) for one in episodes]))) if episodes else None,
            **{name: _short(value) for name, value in metrics.items() if name != "loss"},
        }


def _components(by_update: list[list[Episode]], record: Record) -> Iterator[dict[str, Any]]:
    done = 0
    learned = len({tuple(weights) for weights in record.weights}) > 1
    for update, episodes in enumerate(by_update):
        for place in _chosen(episodes):
            parts = episodes[place].parts
            columns = {"total_reward": parts.sum(1)}
            if parts.shape[1] > 1:
                columns |= dict(zip(record.components, parts.T, strict=True))
            row = {"episode": done + int(place), "reward_components": {n: _statistics(c) for n, c in columns.items()}}
            if learned:
                weights = zip(record.components, record.weights[update].tolist(), strict=True)
                row["component_weights_snapshot"] = {name: _short(weight) for name, weight in weights}
            yield row
        done += len(episodes)


def _chosen(episodes: list[Episode]) -> np.ndarray:
    """Some evenly spread ones, and every one that earned what is no number."""
    if not episodes:
        return np.empty(0, int)
    spread = np.linspace(0, len(episodes) - 1, EPISODES_KEPT).astype(int)
    broken = [n for n, one in enumerate(episodes) if not np.isfinite(one.parts).all()]
    return np.unique(np.concatenate([spread, np.array(broken, int)]))


def _statistics(rewards: np.ndarray) -> dict[str, float]:
    numbers = {
        "mean": rewards.mean(),
        "std": rewards.std(),
        "min": rewards.min(),
        "max": rewards.max(),
        "sum": rewards.sum(),
    }
    return {"count": len(rewards)} | {name: _short(float(number)) for name, number in numbers.items()}


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def _lines(records: Iterator[dict[str, Any]]) -> str:
    """A JSON list with a record a line."""
    return "[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n"


def _config(job: Job) -> dict[str, Any]:
    """Nested as in the trainer that rundoctor's format comes from."""
    said = job.claimed
    environment: dict[str, Any] = {"id": job.task, "num_envs": said["n_envs"], "reward_scale": said["reward_scale"]}
    if "reward_weights" in said:
        environment["reward_weights"] = {name: said["reward_weights"].get(name, 1.0) for name in _components_of(job)}
    trainer: dict[str, Any] = {
        "total_batches": TASKS[job.task].updates,
        "learning_rate": said["learning_rate"],
        "rollout_steps": said["n_steps"] * said["n_envs"],
        "update_epochs": said["n_epochs"],
        "minibatch_size": said["batch_size"],
        "enable_value_clipping": said["value_clip"],
        "value_clip_epsilon": said["clip_range_vf"] or 0.2,
        "use_relative_value_clip": bool(said.get("value_clip_relative")),
        "value_loss_clamp": said.get("value_loss_clamp"),
        "normalize_returns": said["normalize_returns"],
        "entropy_bonus_coeff": said["ent_coef"],
        "normalize_advantages": said["normalize_advantage"],
    }
    if len(_components_of(job)) > 1:
        trainer["normalize_advantages_per_component"] = bool(said.get("advantages_per_component"))
    if said.get("learnable_component_weights"):
        trainer["advantage_weighting"] = {"enable_learnable_weights": True}
    if said.get("normalize_returns_per_batch"):
        trainer |= {"normalize_returns_per_batch": True, "return_scale": said["return_scale"]}
    return {
        "environment": environment,
        "actor_critic": {
            "hidden_dim": said["hidden_dim"],
            "shared_encoder": said["shared_trunk"],
            "log_std_init": said["log_std"],
        },
        "algorithm": {
            "gamma": said["gamma"],
            "gae_lambda": said["gae_lambda"],
            "clip_epsilon": said["clip_range"],
            "value_loss_coeff": said["vf_coef"],
            "max_grad_norm": said["max_grad_norm"],
            "target_kl": said["target_kl"],
        },
        "trainer": trainer,
        "system": {"seed": job.seed},
    }


def _components_of(job: Job) -> tuple[str, ...]:
    make = TASKS[job.task].make
    return make[1] if isinstance(make, tuple) else make.components
