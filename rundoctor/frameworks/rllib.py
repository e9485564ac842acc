"""RLlib, from 2018 to its new API.

A metric is the last part of a column's name; what stands before it has changed often (``info/default/``,
``info/learner/<policy>/``, ``info/learner/<policy>/learner_stats/``, ``learners/<policy>/``), and of several policies
the first by name counts. The config is Tune's ``params.json``, which every row of ``result.json`` repeats: until
2.0 only what was set, since then every key.

``vf_loss`` is the mean of the squared error, cut off at ``vf_clip_param`` for each sample since Ray 1.11 (2022); in
older versions that key bounded the prediction's move from its old value. Advantages are always standardised. A2C
writes ``policy_entropy`` and sums over the batch in place of means; its losses are not read.
"""

from __future__ import annotations

from dataclasses import replace

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting

_OF_PPO = {"clip_param", "vf_clip_param", "kl_coeff", "num_sgd_iter", "sgd_minibatch_size"}
_SINCE_1_11 = {"enable_connectors", "_disable_preprocessor_api", "_enable_learner_api", "num_env_runners"}
_LEARNER = r"(?:ray[/.]tune[/.])?(?:info|learners)[/.](?:.*[/.])?"
_EPISODES = r"(?:ray[/.]tune[/.])?(?:env_runners[/.]|sampler_results[/.])?"


def identified(config: Config) -> bool:
    """Tell whether the config is that of RLlib's PPO."""
    return bool(_OF_PPO & {entry.path[0] for entry in config.entries})


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Read ``vf_clip_param`` as what it was when the run was made, and add what the algorithm does without a key."""
    if not identified(config):
        return found
    found = without_key({"normalize_advantage": True, "normalize_returns": False}, "code of RLlib") | found
    clip = found.get("value_loss_clamp")
    if clip is not None and not _SINCE_1_11 & {entry.path[0] for entry in config.entries}:
        del found["value_loss_clamp"]
        found["clip_range_vf"] = replace(clip, name="clip_range_vf")
        found["value_clip"] = replace(clip, name="value_clip", value=clip.value is not None)
        found["value_clip_relative"] = replace(clip, name="value_clip_relative", value=False, implied=True)
    return found


_KEYS = {
    "learning_rate": "lr",
    "gamma": "gamma",
    "clip_range": "clip_param",
    "clip_range_vf": "vf_clip_param",
    "vf_coef": "vf_loss_coeff",
    "ent_coef": "entropy_coeff",
}
_TRAINING = {
    **each("config.training({key}={value})", _KEYS),
    "value_clip": {False: 'config.training(vf_clip_param=float("inf"))'},
    "normalize_returns": {True: "env = gym.wrappers.NormalizeReward(env) where the environment is made"},
    "reward_scale": "env = gym.wrappers.TransformReward(env, lambda reward: {value} * reward) where it is made",
}

FRAMEWORK = Framework(
    name="rllib",
    title="RLlib",
    columns={},
    patterns={
        _EPISODES + r"episode_(?:reward|return)_mean": Column("reward_mean"),
        _EPISODES + r"episode_len_mean": Column("episode_length"),
        r"(?:ray[/.]tune[/.])?evaluation[/.](?:.*[/.])?episode_(?:reward|return)_mean": Column("eval_reward_mean"),
        r"(?:ray[/.]tune[/.])?(?:timesteps_total|num_env_steps_sampled_lifetime)": Column("timesteps"),
        r"(?:ray[/.]tune[/.])?episodes_total": Column("episodes_done"),
        _LEARNER + r"vf_loss": Column("value_loss"),
        _LEARNER + r"vf_loss_unclipped": Column("value_loss_unclamped"),
        _LEARNER + r"policy_loss": Column("policy_loss"),
        _LEARNER + r"total_loss": Column("loss"),
        _LEARNER + r"vf_explained_var": Column("explained_variance"),
        _LEARNER + r"(?:kl|mean_kl_loss)": Column("approx_kl"),
        _LEARNER + r"(?:cur_kl_coeff|curr_kl_coeff)": Column("kl_coef"),
        _LEARNER + r"entropy": Column("entropy"),
        _LEARNER + r"(?:cur_lr|default_optimizer_learning_rate)": Column("learning_rate"),
        _LEARNER + r"(?:grad_gnorm|gradients_default_optimizer_global_norm)": Column("grad_norm"),
    },
    not_ppo=_LEARNER + "policy_entropy",
    leave_out=r"(?:ray[/.]tune[/.])?(?:config|hist_stats|timers|perf|sampler_perf|counters|connector_metrics|time_)",
    counters=("training_iteration",),
    once_an_update=("ray/tune/timesteps_total", "ray/tune/num_env_steps_sampled_lifetime"),
    first_update=1,
    value_loss_share=(1.0, 1.0),
    paths={
        "learning_rate": ("lr",),
        "n_epochs": ("num_epochs", "num_sgd_iter"),
        "batch_size": ("minibatch_size", "sgd_minibatch_size"),
        "rollout_steps": ("train_batch_size_per_learner", "train_batch_size"),
        "gamma": ("gamma",),
        "gae_lambda": ("lambda",),
        "clip_range": ("clip_param",),
        "value_loss_clamp": ("vf_clip_param",),
        "vf_coef": ("vf_loss_coeff",),
        "ent_coef": ("entropy_coeff",),
        "max_grad_norm": ("grad_clip",),
        "kl_target": ("kl_target",),
    },
    identified=identified,
    implied={
        "learning_rate": 5e-5,
        "n_epochs": 30,
        "batch_size": 128,
        "rollout_steps": 4000,
        "gamma": 0.99,
        "gae_lambda": 1.0,
        "clip_range": 0.3,
        "value_loss_clamp": 10.0,
        "vf_coef": 1.0,
        "ent_coef": 0.0,
        "kl_target": 0.01,
    },
    derive=derive,
    told=(
        Told(
            "in code",
            {
                **_TRAINING,
                "n_epochs": "config.training(num_epochs={value})",
                "shared_trunk": {False: 'config.rl_module(model_config={"vf_share_layers": False})'},
            },
            since="num_epochs",
        ),
        Told(
            "in code of older versions",
            {
                **_TRAINING,
                "n_epochs": "config.training(num_sgd_iter={value})",
                "shared_trunk": {False: 'config.training(model={"vf_share_layers": False})'},
            },
            until="num_epochs",
        ),
    ),
    records=("params.json",),
)
