"""The three files that a trainer of rundoctor's own format leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from truth.cases import TASKS, Settings
from truth.environment import first_seed
from truth.job import Job

SMOOTHED = 20
"""Updates in ``smoothed_loss``."""
EPISODES_KEPT = 10
"""Of an update, in reward_components_stats.json: enough for a mean, and the file stays small."""


def write(place: Path, job: Job, rewards: np.ndarray, done: np.ndarray, losses: list[float]) -> None:
    """Write the files of a run. rewards, done [T N]: all steps of all environments."""
    place.mkdir(parents=True, exist_ok=True)
    steps = job.settings["n_steps"]
    by_update: list[list[np.ndarray]] = [[] for _ in losses]
    for end, rewards_of_one in sorted(_episodes(rewards, done), key=lambda episode: episode[0]):
        by_update[(end - 1) // steps].append(rewards_of_one)
    config = _config(job.cell.task, job.cell.seed, job.settings)
    (place / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    (place / "loss_metrics.json").write_text(_lines(_updates(by_update, losses)))
    (place / "reward_components_stats.json").write_text(_lines(_components(by_update)))


def _episodes(rewards: np.ndarray, done: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Time step of the end, and rewards step by step."""
    for n in range(done.shape[1]):
        start = 0
        for end in (np.flatnonzero(done[:, n]) + 1).tolist():
            yield end, rewards[start:end, n]
            start = end


def _updates(by_update: list[list[np.ndarray]], losses: list[float]) -> Iterator[dict[str, Any]]:
    """One record an update; ``best_reward`` is the best episode of the batch."""
    done = 0
    for batch, (episodes, loss) in enumerate(zip(by_update, losses, strict=True)):
        done += len(episodes)
        yield {
            "episode": done,
            "batch": batch,
            "loss": loss,
            "smoothed_loss": float(np.mean(losses[max(0, batch + 1 - SMOOTHED) : batch + 1])),
            "best_reward": max((float(one.sum()) for one in episodes), default=None),
            "checkpoint_filename": None,
        }


def _components(by_update: list[list[np.ndarray]]) -> Iterator[dict[str, Any]]:
    """One record an episode, of some evenly spread episodes of each update, under their own numbers."""
    done = 0
    for episodes in by_update:
        chosen = np.unique(np.linspace(0, len(episodes) - 1, EPISODES_KEPT).astype(int)) if episodes else []
        for place in chosen:
            one = episodes[place]
            numbers = {"mean": one.mean(), "std": one.std(), "min": one.min(), "max": one.max(), "sum": one.sum()}
            total = {"count": len(one)} | {name: float(f"{number:.6g}") for name, number in numbers.items()}
            yield {"episode": done + int(place), "reward_components": {"total_reward": total}}
        done += len(episodes)


def _lines(records: Iterator[dict[str, Any]]) -> str:
    """A JSON list with a record a line."""
    return "[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n"


def _config(name: str, seed: int, settings: Settings) -> dict[str, Any]:
    """Nested as in the trainer that rundoctor's format comes from."""
    return {
        "environment": {"id": name, "num_envs": settings["n_envs"], "reward_scale": settings["reward_scale"]},
        "actor_critic": {"hidden_dim": settings["hidden_dim"], "shared_encoder": settings["shared_trunk"]},
        "algorithm": {
            "gamma": settings["gamma"],
            "gae_lambda": settings["gae_lambda"],
            "clip_epsilon": settings["clip_range"],
            "value_loss_coeff": settings["vf_coef"],
            "max_grad_norm": settings["max_grad_norm"],
            "target_kl": settings["target_kl"],
        },
        "trainer": {
            "total_batches": TASKS[name].updates,
            "learning_rate": settings["learning_rate"],
            "rollout_steps": settings["n_steps"] * settings["n_envs"],
            "update_epochs": settings["n_epochs"],
            "minibatch_size": settings["batch_size"],
            "enable_value_clipping": settings["value_clip"],
            "value_clip_epsilon": settings["clip_range_vf"] or 0.2,
            "use_relative_value_clip": False,
            "value_loss_clamp": settings.get("value_loss_clamp"),
            "normalize_returns": settings["normalize_returns"],
            "entropy_bonus_coeff": settings["ent_coef"],
            "normalize_advantages": settings["normalize_advantage"],
        },
        "system": {"seed": first_seed(seed)},
    }
