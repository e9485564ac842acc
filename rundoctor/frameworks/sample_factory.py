"""Sample Factory, asynchronous PPO.

Read off sample-factory at 1894bd1 (``algo/learning/learner.py``, ``cfg/cfg.py``). The logged value loss is multiplied
with ``value_loss_coeff``; it is the larger one of the plain and the clipped squared error, in the unit of the returns
after ``normalize_returns``. The gradient norm is the one after clipping. A point of ``train/*`` is one minibatch of
many that were not written.

Settings are flags (2.1.1, ``cfg/cfg.py``), switches take ``True`` or ``False``; ``config.json`` is read only when a run
is resumed. The value clip has no switch: a width that no value reaches is off.
"""

from __future__ import annotations

from typing import Any

from rundoctor.frameworks import Column, Framework, Place, Told, each, without_key
from rundoctor.model import Config, Setting


def identified(config: Config) -> bool:
    """Tell whether the config is Sample Factory's."""
    return {("ppo_clip_ratio",), ("ppo_clip_value",)} <= {entry.path for entry in config.entries}


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the learner does without a key, and the size of an update from its batches."""
    if not identified(config):
        return found
    entries = {entry.path[0]: entry for entry in config.entries if len(entry.path) == 1}
    always = {"value_clip": True, "value_clip_relative": False, "normalize_advantage": True}
    found = without_key(always, "code of Sample Factory") | found
    size, batches = found.get("batch_size"), entries.get("num_batches_per_epoch")
    if size is not None and batches is not None and isinstance(batches.value, int) and batches.value > 0:
        found["rollout_steps"] = Setting(
            name="rollout_steps", path="num_batches_per_epoch", value=size.value * batches.value, where=size.where
        )
    return found


OFF = 1e9
"""Width of a value clip that binds nowhere."""


def express(config: Config, name: str, value: Any) -> tuple[Place, ...] | None:
    """Say how the value clip, which has no switch, is turned off."""
    return (("ppo_clip_value", OFF),) if name == "value_clip" and value is False else None


_KEYS = {
    "learning_rate": "learning_rate",
    "n_epochs": "num_epochs",
    "gamma": "gamma",
    "clip_range": "ppo_clip_ratio",
    "clip_range_vf": "ppo_clip_value",
    "vf_coef": "value_loss_coeff",
    "ent_coef": "exploration_loss_coeff",
    "reward_scale": "reward_scale",
}

FRAMEWORK = Framework(
    name="sample_factory",
    title="Sample Factory",
    columns={
        "reward/reward": Column("reward_mean"),
        "policy_stats/avg_true_objective": Column("true_objective"),
        "len/len": Column("episode_length"),
        "train/value_loss": Column("value_loss"),
        "train/policy_loss": Column("policy_loss"),
        "train/entropy": Column("entropy"),
        "train/kl_divergence": Column("approx_kl"),
        "train/fraction_clipped": Column("clip_fraction"),
        "train/actual_lr": Column("learning_rate"),
        "train/grad_norm": Column("grad_norm"),
        "train/action_stddev_mean": Column("action_std"),
        "train/value": Column("value_mean"),
    },
    leave_out=r"perf/|stats/|replay/",
    an_update_takes="rollout_steps",
    once_an_update=("train/value_loss", "train/policy_loss"),
    value_loss_share=(1.0, 1.0),
    value_loss_weighted=True,
    paths={
        "learning_rate": ("learning_rate",),
        "n_epochs": ("num_epochs",),
        "batch_size": ("batch_size",),
        "gamma": ("gamma",),
        "gae_lambda": ("gae_lambda",),
        "clip_range": ("ppo_clip_ratio",),
        "clip_range_vf": ("ppo_clip_value",),
        "vf_coef": ("value_loss_coeff",),
        "ent_coef": ("exploration_loss_coeff",),
        "max_grad_norm": ("max_grad_norm",),
        "normalize_returns": ("normalize_returns",),
        "reward_scale": ("reward_scale",),
        "reward_clip": ("reward_clip",),
        "shared_trunk": ("actor_critic_share_weights",),
    },
    identified=identified,
    derive=derive,
    express=express,
    told=(
        Told(
            "on the command line",
            {
                **each("--{key}={value}", _KEYS),
                "value_clip": {False: "--ppo_clip_value=1e9"},
                "normalize_returns": {True: "--normalize_returns=True"},
                "shared_trunk": {False: "--actor_critic_share_weights=False"},
            },
        ),
    ),
    records=("config.json",),
)
