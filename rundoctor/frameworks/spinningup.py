"""Spinning Up's PPO.

Read off ``spinup/algos/pytorch/ppo/ppo.py`` at 2092113. Policy and critic are separate networks with an optimiser and
a learning rate each, and neither a value clip, an entropy bonus nor a norm clip. An update takes up to
``train_pi_iters`` steps on the whole rollout and stops at 1.5 times ``target_kl``. ``LossPi`` and ``LossV`` are those
before the update, so ``LossPi`` is always near 0 and ``LossV`` is the critic's error on returns it has not seen;
``KL`` is the one at the end.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting


def identified(config: Config) -> bool:
    """Tell whether the config is one that its logger saved for PPO."""
    return {("pi_lr",), ("vf_lr",), ("clip_ratio",)} <= {entry.path for entry in config.entries}


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the algorithm does without a key; a step takes the whole rollout."""
    if not identified(config):
        return found
    always = {"normalize_advantage": True, "normalize_returns": False, "value_clip": False, "shared_trunk": False}
    found = without_key(always | {"ent_coef": 0.0}, "code of Spinning Up") | found
    if "rollout_steps" in found:
        found |= without_key({"batch_size": found["rollout_steps"].value}, "code of Spinning Up")
    return found


FRAMEWORK = Framework(
    name="spinningup",
    title="Spinning Up",
    columns={
        "AverageEpRet": Column("reward_mean"),
        "EpLen": Column("episode_length"),
        "TotalEnvInteracts": Column("timesteps"),
        "Time Steps": Column("timesteps"),
        "AverageVVals": Column("value_mean"),
        "StdVVals": Column("value_std"),
        "LossV": Column("value_loss"),
        "LossPi": Column("policy_loss"),
        "Entropy": Column("entropy"),
        "KL": Column("approx_kl"),
        "ClipFrac": Column("clip_fraction"),
        "StopIter": Column("stop_iteration"),
        "DeltaLossPi": Column("policy_loss_change"),
        "DeltaLossV": Column("value_loss_change"),
    },
    counters=("Epoch",),
    value_loss_share=(1.0, 1.0),
    paths={
        "learning_rate": ("pi_lr",),
        "critic_learning_rate": ("vf_lr",),
        "n_epochs": ("train_pi_iters",),
        "rollout_steps": ("steps_per_epoch",),
        "total_updates": ("epochs",),
        "gamma": ("gamma",),
        "gae_lambda": ("lam",),
        "clip_range": ("clip_ratio",),
        "target_kl": ("target_kl",),
        "max_episode_steps": ("max_ep_len",),
    },
    identified=identified,
    derive=derive,
    told=(
        Told(
            "in code",
            each(
                "ppo(..., {key}={value})",
                {
                    "learning_rate": "pi_lr",
                    "critic_learning_rate": "vf_lr",
                    "n_epochs": "train_pi_iters",
                    "gamma": "gamma",
                    "clip_range": "clip_ratio",
                    "target_kl": "target_kl",
                },
            ),
        ),
    ),
    records=("config.json",),
)
