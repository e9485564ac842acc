"""TorchRL, as its own PPO scripts log.

Tags as in ``sota-implementations/ppo/ppo_mujoco.py`` of pytorch/rl at 01c4f88, on steps of the environments; settings
as arguments of ``ClipPPOLoss`` in 0.14.1 (``objectives/ppo.py``). ``train/loss_critic`` is a smooth L1 loss, or another
one, times its weight, and ``train/loss_entropy`` the bonus times minus its weight: neither is read as a loss.
``clip_value=True`` is as wide as the policy's clip.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each
from rundoctor.frameworks.native import FRAMEWORK as NATIVE

FRAMEWORK = Framework(
    name="torchrl",
    title="TorchRL",
    columns={
        "train/reward": Column("reward_mean"),
        "train/episode_length": Column("episode_length"),
        "train/loss_objective": Column("policy_loss"),
        "train/loss_critic": Column("critic_loss_weighted"),
        "train/loss_entropy": Column("entropy_loss_weighted"),
        "train/lr": Column("learning_rate"),
        "train/clip_epsilon": Column("clip_range"),
        "eval/reward": Column("eval_reward_mean"),
    },
    leave_out=r"(?:train|eval)/\w*time$|time/",
    once_an_update=("train/loss_critic", "train/loss_objective"),
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
    told=(
        Told(
            "in code",
            {
                **each("ClipPPOLoss(..., {key}={value})", {"vf_coef": "critic_coeff", "ent_coef": "entropy_coeff"}),
                **each("GAE(..., {key}={value})", {"gamma": "gamma"}),
                **each("torch.optim.Adam(..., {key}={value})", {"learning_rate": "lr"}),
                "value_clip": {False: "ClipPPOLoss(..., clip_value=None)"},
                "clip_range_vf": "ClipPPOLoss(..., clip_value={value})",
                "normalize_advantage": {True: "ClipPPOLoss(..., normalize_advantage=True)"},
                "reward_scale": "env.append_transform(RewardScaling(loc=0.0, scale={value}))",
            },
        ),
    ),
)
