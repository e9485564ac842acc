"""A run as the RL Baselines3 Zoo leaves it: config.yml, and progress.csv where Stable-Baselines3 did not write it."""

from __future__ import annotations

import csv
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from corpus.job import Job
from corpus.record import Record
from corpus.tasks import TASKS

SAME_NAME = (
    "n_steps",
    "batch_size",
    "n_epochs",
    "gamma",
    "gae_lambda",
    "clip_range",
    "ent_coef",
    "vf_coef",
    "max_grad_norm",
    "target_kl",
    "normalize_advantage",
)
WINDOW = 100
"""Episodes in ``rollout/ep_rew_mean``."""
TRAIN = {
    "loss": "train/loss",
    "policy_loss": "train/policy_gradient_loss",
    "value_loss": "train/value_loss",
    "approx_kl": "train/approx_kl",
    "clip_fraction": "train/clip_fraction",
    "explained_variance": "train/explained_variance",
    "learning_rate": "train/learning_rate",
    "action_std": "train/std",
}


def write_config(place: Path, job: Job) -> None:
    place.mkdir(parents=True, exist_ok=True)
    (place / "config.yml").write_text(yaml.safe_dump(_config(job), sort_keys=False))


def write_progress(place: Path, job: Job, record: Record) -> None:
    """The rollout of an iteration together with the update before it, as the logger has them."""
    batch = job.settings["n_steps"] * job.settings["n_envs"]
    columns = ["time/iterations", "time/total_timesteps", "rollout/ep_rew_mean", "rollout/ep_len_mean"]
    logged = {ours: theirs for ours, theirs in TRAIN.items() if any(ours in metrics for metrics in record.metrics)}
    columns += [*logged.values(), "train/entropy_loss", "train/clip_range", "train/n_updates"]
    recent: deque[tuple[float, int]] = deque(maxlen=WINDOW)
    episodes = deque(record.episodes())
    with (place / "progress.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        for update in range(len(record.metrics)):
            while episodes and episodes[0].update <= update:
                parts = episodes.popleft().parts
                recent.append((float((parts * record.weights[update]).sum()), len(parts)))
            row: dict[str, Any] = {"time/iterations": update + 1, "time/total_timesteps": (update + 1) * batch}
            if recent:
                returns, lengths = zip(*recent, strict=True)
                row |= {"rollout/ep_rew_mean": np.mean(returns), "rollout/ep_len_mean": np.mean(lengths)}
            if update:
                before = record.metrics[update - 1]
                row |= {theirs: before[ours] for ours, theirs in logged.items()}
                row |= {"train/entropy_loss": -before["entropy"], "train/clip_range": job.settings["clip_range"]}
                row |= {"train/n_updates": update * job.settings["n_epochs"]}
            table.writerow(row)


def _config(job: Job) -> dict[str, Any]:
    """What the zoo would write."""
    said = job.claimed
    steps = TASKS[job.task].updates * said["n_steps"] * said["n_envs"]
    rate = f"lin_{said['learning_rate']}" if said["anneal"] else said["learning_rate"]
    network = [f"net_arch=[{said['hidden_dim']}, {said['hidden_dim']}]"]
    if said["log_std"]:
        network.append(f"log_std_init={said['log_std']}")
    if said["shared_trunk"]:
        network[0] = (
            f"net_arch=[], features_extractor_class=Trunk, features_extractor_kwargs=dict(width={said['hidden_dim']})"
        )
    wrapper = {"reward_scale": said["reward_scale"]} if said["reward_scale"] != 1.0 else {}
    if "reward_weights" in said:
        wrapper["reward_weights"] = said["reward_weights"]
    return {
        "env": job.task,
        "seed": job.seed,
        "n_envs": said["n_envs"],
        "n_timesteps": steps,
        "policy": "MlpPolicy",
        "normalize": "{'norm_obs': False, 'norm_reward': True}" if said["normalize_returns"] else False,
        **({"env_wrapper_kwargs": wrapper} if wrapper else {}),
        "policy_kwargs": f"dict({', '.join(network)})",
        "learning_rate": rate,
        "clip_range_vf": said["clip_range_vf"] if said["value_clip"] else None,
        **{name: said[name] for name in SAME_NAME},
    }
