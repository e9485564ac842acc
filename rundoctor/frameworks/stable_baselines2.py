"""Stable-Baselines 2 and OpenAI Baselines: PPO1's table and the tags of PPO2's event files.

Names as in logs of 2021. ``ev_tdlam_before`` is the explained variance before the update, ``loss_ent`` the entropy
and ``loss_kl`` the mean KL. ``loss/entropy_loss`` and ``loss_pol_entpen`` are the entropy times minus its weight,
which the log does not name: they are kept under their own names. The value loss is half the squared error in PPO2 and
all of it in PPO1.

PPO2's value clip is as wide as the policy's while ``cliprange_vf`` is None, and off while it is negative (the docstring
of ``PPO2``).
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each

FRAMEWORK = Framework(
    name="stable_baselines2",
    title="Stable-Baselines 2",
    columns={
        "EpRewMean": Column("reward_mean"),
        "EpLenMean": Column("episode_length"),
        "TimestepsSoFar": Column("timesteps"),
        "EpisodesSoFar": Column("episodes_done"),
        "ev_tdlam_before": Column("explained_variance"),
        "loss_vf_loss": Column("value_loss"),
        "loss_pol_surr": Column("policy_loss"),
        "loss_kl": Column("approx_kl"),
        "loss_ent": Column("entropy"),
        "episode_reward": Column("reward_mean"),
        "loss/value_function_loss": Column("value_loss"),
        "loss/policy_gradient_loss": Column("policy_loss"),
        "loss/approximate_kullback-leibler": Column("approx_kl"),
        "loss/loss": Column("loss"),
        "input_info/learning_rate": Column("learning_rate"),
        "input_info/clip_range": Column("clip_range"),
    },
    once_an_update=("loss/loss", "loss/value_function_loss"),
    paths={},
    told=(
        Told(
            "in code",
            {
                **each(
                    "PPO2(..., {key}={value})",
                    {
                        "learning_rate": "learning_rate",
                        "n_epochs": "noptepochs",
                        "gamma": "gamma",
                        "clip_range_vf": "cliprange_vf",
                        "vf_coef": "vf_coef",
                        "ent_coef": "ent_coef",
                    },
                ),
                "value_clip": {False: "PPO2(..., cliprange_vf=-1)"},
                "normalize_returns": {True: "env = VecNormalize(env, norm_obs=False, norm_reward=True)"},
            },
        ),
    ),
)
