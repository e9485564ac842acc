"""Stable-Baselines3 and the RL Baselines3 Zoo.

``train/value_loss`` is the mean squared error of the (clipped) prediction, without one half and before ``vf_coef``;
``train/entropy_loss`` is minus the entropy; ``train/loss`` is the total loss of the last minibatch alone.

Without the zoo the settings are arguments (stable_baselines3 2.9.2, ``ppo.py``, ``vec_normalize.py``). The zoo writes
``config.yml`` into the run and reads its own file or ``--hyperparams``, whose values Python evaluates (rl_zoo3 2.9.2,
``utils.py``).
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each
from rundoctor.frameworks.native import FRAMEWORK as NATIVE
from rundoctor.frameworks.zoo import REWARDS_ALONE, derive, express, identified

_KEYS = {
    name: name
    for name in (
        "learning_rate",
        "n_epochs",
        "gamma",
        "clip_range",
        "clip_range_vf",
        "vf_coef",
        "ent_coef",
        "target_kl",
    )
}

FRAMEWORK = Framework(
    name="sb3",
    title="Stable-Baselines3",
    columns={
        "rollout/ep_rew_mean": Column("reward_mean"),
        "rollout/ep_len_mean": Column("episode_length"),
        "rollout/success_rate": Column("success_rate"),
        "eval/mean_reward": Column("eval_reward_mean"),
        "eval/mean_ep_length": Column("eval_episode_length"),
        "time/total_timesteps": Column("timesteps"),
        "train/loss": Column("last_minibatch_loss"),
        "train/value_loss": Column("value_loss"),
        "train/policy_gradient_loss": Column("policy_loss"),
        "train/policy_loss": Column("policy_loss"),
        "train/entropy_loss": Column("entropy", factor=-1.0),
        "train/explained_variance": Column("explained_variance"),
        "train/approx_kl": Column("approx_kl"),
        "train/clip_fraction": Column("clip_fraction"),
        "train/clip_range": Column("clip_range"),
        "train/clip_range_vf": Column("clip_range_vf"),
        "train/learning_rate": Column("learning_rate"),
        "train/std": Column("action_std"),
        "train/n_updates": Column("epochs_done"),
    },
    paths={
        "learning_rate": ("learning_rate",),
        "n_epochs": ("n_epochs",),
        "batch_size": ("batch_size",),
        "n_steps": ("n_steps",),
        "n_envs": ("n_envs",),
        "gamma": ("gamma",),
        "gae_lambda": ("gae_lambda",),
        "clip_range": ("clip_range",),
        "clip_range_vf": ("clip_range_vf",),
        "vf_coef": ("vf_coef",),
        "ent_coef": ("ent_coef",),
        "max_grad_norm": ("max_grad_norm",),
        "target_kl": ("target_kl",),
        "log_std_init": ("policy_kwargs.log_std_init",),
        "normalize_advantage": ("normalize_advantage",),
        "reward_scale": ("env_wrapper_kwargs.reward_scale",),
        "reward_clip": ("normalize_kwargs.clip_reward", "normalize.clip_reward"),
        "reward_change_step": ("env_wrapper_kwargs.shift_after_steps",),
    },
    counters=("time/iterations",),
    once_an_update=("time/fps", "rollout/ep_rew_mean"),
    first_update=1,
    value_loss_share=(1.0, 1.0),
    adam_epsilon=1e-5,
    value_clip_form="hard",
    identified=identified,
    keys={**NATIVE.keys, "batch_size": ("batch_size",)},
    sections=NATIVE.sections,
    implied={
        "learning_rate": 3e-4,
        "n_steps": 2048,
        "n_envs": 1,
        "batch_size": 64,
        "n_epochs": 10,
        "gamma": 0.99,
        "gae_lambda": 0.95,
        "clip_range": 0.2,
        "clip_range_vf": None,
        "normalize_advantage": True,
        "ent_coef": 0.0,
        "vf_coef": 0.5,
        "max_grad_norm": 0.5,
        "target_kl": None,
    },
    insertable=frozenset(
        {
            "learning_rate",
            "n_steps",
            "batch_size",
            "n_epochs",
            "gamma",
            "gae_lambda",
            "clip_range",
            "clip_range_vf",
            "ent_coef",
            "vf_coef",
            "max_grad_norm",
            "target_kl",
            "normalize_returns",
        }
    ),
    derive=derive,
    express=express,
    told=(
        Told(
            "on the zoo's command line",
            {
                **each("--hyperparams {key}:{value}", _KEYS),
                "value_clip": {False: "--hyperparams clip_range_vf:None"},
                "normalize_advantage": {True: "--hyperparams normalize_advantage:True"},
                "normalize_returns": {True: f'--hyperparams "normalize:{REWARDS_ALONE}"'},
            },
            since="n_timesteps",
        ),
        Told(
            "in code",
            {
                **each("PPO(..., {key}={value})", _KEYS),
                "value_clip": {False: "PPO(..., clip_range_vf=None)"},
                "normalize_advantage": {True: "PPO(..., normalize_advantage=True)"},
                "normalize_returns": {True: "env = VecNormalize(env, norm_obs=False, norm_reward=True)"},
                "reward_scale": "env = gym.wrappers.TransformReward(env, lambda reward: {value} * reward)",
                "shared_trunk": {False: "PPO(..., policy_kwargs=dict(share_features_extractor=False))"},
            },
            until="n_timesteps",
        ),
    ),
    records=("config.yml", "args.yml"),
)
