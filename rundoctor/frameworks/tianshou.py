"""Tianshou.

Tags of its loggers as in ``tianshou/utils/logger/base.py`` at 0215bc2 and in logs of 2023: ``train/`` and ``test/``
on steps of the environments, ``update/`` on gradient steps. Points are written at most every thousand steps. The
value loss is the mean squared error.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework
from rundoctor.frameworks.native import FRAMEWORK as NATIVE

FRAMEWORK = Framework(
    name="tianshou",
    title="Tianshou",
    columns={
        "train/reward": Column("reward_mean"),
        "train/returns_stat/mean": Column("reward_mean"),
        "train/length": Column("episode_length"),
        "train/lens_stat/mean": Column("episode_length"),
        "test/reward": Column("eval_reward_mean"),
        "test/returns_stat/mean": Column("eval_reward_mean"),
        "test/length": Column("eval_episode_length"),
        "train/episode": Column("episodes_of_update"),
        "test/env_step": Column("test_steps"),
        "update/loss/vf": Column("value_loss"),
        "update/loss/clip": Column("policy_loss"),
        "update/loss/ent": Column("entropy"),
        "loss/vf": Column("value_loss"),
        "loss/clip": Column("policy_loss"),
        "loss/ent": Column("entropy"),
    },
    once_an_update=("train/reward", "train/returns_stat/mean", "train/length"),
    value_loss_share=(1.0, 1.0),
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
)
