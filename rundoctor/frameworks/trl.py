"""TRL: trainers of language models on top of Hugging Face's.

Names of GRPO in logs of 2025, of GRPO and RLOO in TRL 1.16.0, and of the PPO trainer in 0.23.0. GRPO's ``kl`` is the
distance to the reference model, not to the old policy, and its ``loss`` is a multiple of it: both are kept under their
own names. An episode is one answer. In an event file every name stands below ``train/``, and the text ``args`` holds
the arguments.

The PPO trainer of 0.23.1 clips values always, with a key of its own, logs one half of the larger squared error and does
not clip gradients, whatever ``max_grad_norm`` says; 1.16.0 has no PPO trainer.

The trainer's settings are arguments of ``PPOConfig`` (0.23.1, ``ppo_config.py``), where no switch turns the clip off.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting

_COLUMNS = {
    "reward": Column("reward_mean"),
    "objective/rlhf_reward": Column("reward_mean"),
    "loss": Column("trainer_loss"),
    "kl": Column("kl_to_reference"),
    "objective/kl": Column("kl_to_reference"),
    "reward_std": Column("reward_std"),
    "learning_rate": Column("learning_rate"),
    "lr": Column("learning_rate"),
    "grad_norm": Column("grad_norm"),
    "entropy": Column("entropy"),
    "policy/entropy_avg": Column("entropy"),
    "policy/approxkl_avg": Column("approx_kl"),
    "policy/clipfrac_avg": Column("clip_fraction"),
    "loss/policy_avg": Column("policy_loss"),
    "loss/value_avg": Column("value_loss"),
    "val/clipfrac_avg": Column("value_clip_fraction"),
    "completion_length": Column("answer_length"),
    "completions/mean_length": Column("answer_length"),
    "frac_reward_zero_std": Column("groups_paid_alike"),
    "clip_ratio/region_mean": Column("clip_fraction"),
}


def identified(config: Config) -> bool:
    """Tell whether the arguments are those of a trainer of TRL, for PPO or GRPO."""
    keys = {entry.path[0] for entry in config.entries}
    return {"num_ppo_epochs", "cliprange_value"} <= keys or {"num_generations", "max_completion_length"} <= keys


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the PPO trainer does whatever its arguments say."""
    if not identified(config) or "clip_range_vf" not in found:
        return found
    always = {"value_clip": True, "value_clip_relative": False, "normalize_advantage": True, "max_grad_norm": None}
    return found | without_key(always, "code of TRL")


FRAMEWORK = Framework(
    name="trl",
    title="TRL",
    columns=_COLUMNS | {f"train/{name}": column for name, column in _COLUMNS.items()},
    leave_out=r"(?:train/)?(?:eps|epoch|episode|total_flos|train_\w+|step_time)$",
    counters=("step",),
    once_an_update=("train/lr", "train/learning_rate"),
    steps_are_updates=True,
    value_loss_share=(0.5, 0.5),
    paths={
        "learning_rate": ("learning_rate",),
        "n_epochs": ("num_ppo_epochs", "num_iterations"),
        "gamma": ("gamma",),
        "gae_lambda": ("lam",),
        "clip_range": ("cliprange", "epsilon"),
        "clip_range_vf": ("cliprange_value",),
        "vf_coef": ("vf_coef",),
        "max_grad_norm": ("max_grad_norm",),
        "normalize_rewards": ("whiten_rewards",),
    },
    identified=identified,
    derive=derive,
    told=(
        Told(
            "in code",
            {
                **each(
                    "PPOConfig(..., {key}={value})",
                    {
                        "learning_rate": "learning_rate",
                        "n_epochs": "num_ppo_epochs",
                        "gamma": "gamma",
                        "clip_range": "cliprange",
                        "clip_range_vf": "cliprange_value",
                        "vf_coef": "vf_coef",
                    },
                ),
                "value_clip": {False: "PPOConfig(..., cliprange_value=1e9)"},
                "normalize_rewards": {True: "PPOConfig(..., whiten_rewards=True)"},
            },
        ),
    ),
)
