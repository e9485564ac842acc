"""TRL: trainers of language models on top of Hugging Face's.

Names of GRPO in logs of 2025, of GRPO and RLOO in TRL 1.16.0, and of the PPO trainer in 0.23.0. GRPO's ``kl`` is the
distance to the reference model, not to the old policy, and its ``loss`` is a multiple of it: both are kept under their
own names. An episode is one answer.

The trainer's settings are arguments of ``PPOConfig`` (0.23.1, ``ppo_config.py``): the value clip has a width of its own
and no switch.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each

FRAMEWORK = Framework(
    name="trl",
    title="TRL",
    columns={
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
    },
    counters=("step",),
    value_loss_share=(0.5, 0.5),
    paths={},
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
