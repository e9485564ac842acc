"""CleanRL's single-file PPO.

Read off ``cleanrl/ppo.py`` at 020cf0e, and off the event file that the one at fe8d8a03 writes. The value loss is one
half of the mean squared error; with ``clip_vloss`` it is the larger one of the plain and the clipped prediction, and
the width of that clip is ``clip_coef``, the one of the policy. Losses are those of the last minibatch. An episode's
return is written when it ends, before any normalisation.

Settings are flags. Scripts that use tyro (016ca33) write ``num_iterations``, and turn a switch off with ``--no-``;
those before (020cf0e, argparse) give it a value: there ``--clip-vloss`` alone leaves it on. Weights & Biases
keeps them in ``config.yaml``.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.frameworks.native import FRAMEWORK as NATIVE
from rundoctor.model import Config, Setting


def identified(config: Config) -> bool:
    """Tell whether the hyper-parameters are those of a CleanRL script."""
    return {"clip_vloss", "clip_coef", "update_epochs"} <= {".".join(entry.path) for entry in config.entries}


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the scripts do without a key: an absolute value clip, and scaled rewards for continuous actions."""
    script = next((entry for entry in config.entries if entry.path == ("exp_name",)), None)
    always = {"value_clip_relative": False}
    if script is not None and str(script.value).startswith("ppo_continuous_action"):
        always["normalize_rewards"] = True
    return (without_key(always, "code of CleanRL") if identified(config) else {}) | found


_FLAGS = each(
    "--{key} {value}",
    {
        "learning_rate": "learning-rate",
        "n_epochs": "update-epochs",
        "gamma": "gamma",
        "vf_coef": "vf-coef",
        "ent_coef": "ent-coef",
        "target_kl": "target-kl",
    },
)

FRAMEWORK = Framework(
    name="cleanrl",
    title="CleanRL",
    columns={
        "charts/episodic_return": Column("reward_mean"),
        "charts/episodic_length": Column("episode_length"),
        "charts/learning_rate": Column("learning_rate"),
        "charts/SPS": Column("steps_per_second"),
        "losses/value_loss": Column("value_loss"),
        "losses/policy_loss": Column("policy_loss"),
        "losses/entropy": Column("entropy"),
        "losses/approx_kl": Column("approx_kl"),
        "losses/clipfrac": Column("clip_fraction"),
        "losses/explained_variance": Column("explained_variance"),
    },
    counters=("global_step", "_step"),
    once_an_update=("losses/value_loss", "losses/policy_loss", "charts/SPS"),
    value_loss_share=(0.5, 0.5),
    adam_epsilon=1e-5,
    paths={
        "learning_rate": ("learning_rate",),
        "n_epochs": ("update_epochs",),
        "batch_size": ("minibatch_size",),
        "rollout_steps": ("batch_size",),
        "n_steps": ("num_steps",),
        "n_envs": ("num_envs",),
        "total_updates": ("num_iterations",),
        "gamma": ("gamma",),
        "gae_lambda": ("gae_lambda",),
        "clip_range": ("clip_coef",),
        "value_clip": ("clip_vloss",),
        "clip_range_vf": ("clip_coef",),
        "vf_coef": ("vf_coef",),
        "ent_coef": ("ent_coef",),
        "max_grad_norm": ("max_grad_norm",),
        "target_kl": ("target_kl",),
        "normalize_advantage": ("norm_adv",),
    },
    identified=identified,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
    derive=derive,
    told=(
        Told(
            "on the command line",
            _FLAGS | {"value_clip": {False: "--no-clip-vloss"}, "normalize_advantage": {True: "--norm-adv"}},
            since="num_iterations",
        ),
        Told(
            "on the command line of a script with argparse",
            _FLAGS | {"value_clip": {False: "--clip-vloss False"}, "normalize_advantage": {True: "--norm-adv True"}},
            until="num_iterations",
        ),
        Told(
            "in make_env",
            {
                "normalize_returns": {True: "env = gym.wrappers.NormalizeReward(env, gamma=args.gamma)"},
                "reward_scale": "env = gym.wrappers.TransformReward(env, lambda reward: {value} * reward)",
            },
        ),
    ),
    records=("config.yaml",),
)
