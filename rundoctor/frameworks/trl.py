"""TRL: trainers of language models on top of Hugging Face's.

Names of GRPO in logs of 2025 and of the PPO trainer until it was taken out. GRPO's ``kl`` is the distance to the
reference model, not to the old policy, and its ``loss`` is a multiple of it: both are kept under their own names. An
episode is one answer.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework

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
    },
    counters=("step",),
    value_loss_share=(0.5, 0.5),
    paths={},
)
