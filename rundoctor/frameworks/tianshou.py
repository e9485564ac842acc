"""Tianshou.

Tags as the loggers of 2.0.1 and 1.1.0 write them (``utils/logger``, ``algorithm/modelfree/ppo.py``), of
``tianshou/utils/logger/base.py`` at 0215bc2, and in logs of 2023. Rewards stand on steps of the environments, losses
under ``update/`` on gradient steps, since 2.0 on updates; both run from the start to the end. Points are written at
most every thousand steps. Since 1.0 a loss has its mean over the minibatches, with least, largest and deviation beside
it. The value loss is the mean squared error, the larger one with the clipped prediction under ``value_clip``; the
entropy is logged as it is.

Settings are arguments: of ``PPO`` in 2.0.1, of ``PPOPolicy`` in 1.1.0. The width of the value clip is ``eps_clip``, the
one of the policy.
"""

from __future__ import annotations

from collections.abc import Mapping

from rundoctor.frameworks import Column, Framework, Told, each
from rundoctor.frameworks.native import FRAMEWORK as NATIVE


def _told(name: str, discount: str, scaling: str) -> dict[str, str | Mapping[bool, str]]:
    """Return the arguments of the algorithm's class in one version."""
    numbers = {"gamma": discount, "vf_coef": "vf_coef", "ent_coef": "ent_coef"}
    return {
        **each(f"{name}(..., {{key}}={{value}})", numbers),
        "value_clip": {False: f"{name}(..., value_clip=False)"},
        "normalize_returns": {True: f"{name}(..., {scaling}=True)"},
        "normalize_advantage": {True: f"{name}(..., advantage_normalization=True)"},
    }


FRAMEWORK = Framework(
    name="tianshou",
    title="Tianshou",
    columns={
        "train/reward": Column("reward_mean"),
        "train/returns_stat/mean": Column("reward_mean"),
        "training/returns_stat/mean": Column("reward_mean"),
        "train/length": Column("episode_length"),
        "train/lens_stat/mean": Column("episode_length"),
        "training/lens_stat/mean": Column("episode_length"),
        "test/reward": Column("eval_reward_mean"),
        "test/returns_stat/mean": Column("eval_reward_mean"),
        "test/length": Column("eval_episode_length"),
        "test/lens_stat/mean": Column("eval_episode_length"),
        "train/episode": Column("episodes_of_update"),
        "train/n_collected_episodes": Column("episodes_of_update"),
        "training/n_collected_episodes": Column("episodes_of_update"),
        "test/env_step": Column("test_steps"),
        "update/loss/mean": Column("loss"),
        "update/vf_loss/mean": Column("value_loss"),
        "update/actor_loss/mean": Column("policy_loss"),
        "update/clip_loss/mean": Column("policy_loss"),
        "update/ent_loss/mean": Column("entropy"),
        "update/loss/vf": Column("value_loss"),
        "update/loss/clip": Column("policy_loss"),
        "update/loss/ent": Column("entropy"),
        "loss/vf": Column("value_loss"),
        "loss/clip": Column("policy_loss"),
        "loss/ent": Column("entropy"),
    },
    leave_out=r"info/|update/smoothed_loss/|(?:train|training|update|test)/(?:.*_time|.*_speed)$",
    other_steps=r"update/|loss/",
    once_an_update=("train/env_step", "training/env_step", "train/reward", "train/returns_stat/mean", "train/length"),
    value_loss_share=(1.0, 1.0),
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
    told=(
        Told("in code (2.x)", _told("PPO", "gamma", "return_scaling")),
        Told("in code (1.x)", _told("PPOPolicy", "discount_factor", "reward_normalization")),
    ),
)
