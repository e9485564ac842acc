"""torch-ac with the scripts of rl-starter-files.

Read off ``torch_ac/algos/ppo.py`` at 1f32e42. Every loss is the mean over the update; the value loss is the larger
one of the plain and the clipped squared error, always clipped, as wide as the policy's ``clip_eps``. The gradient
norm is the one before clipping. ``rreturn`` is the return after reshaping, which the agent learns from; the settings
are arguments of a command line and are written nowhere.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each
from rundoctor.frameworks.native import FRAMEWORK as NATIVE

FRAMEWORK = Framework(
    name="torch_ac",
    title="torch-ac",
    columns={
        "rreturn_mean": Column("reward_mean"),
        "return_mean": Column("return_of_the_task"),
        "return_std": Column("return_of_the_task_std"),
        "num_frames_mean": Column("episode_length"),
        "frames": Column("timesteps"),
        "FPS": Column("steps_per_second"),
        "value_loss": Column("value_loss"),
        "policy_loss": Column("policy_loss"),
        "entropy": Column("entropy"),
        "grad_norm": Column("grad_norm"),
        "value": Column("value_mean"),
    },
    counters=("update",),
    value_loss_share=(1.0, 1.0),
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
    told=(
        Told(
            "on the command line",
            each(
                "--{key} {value}",
                {
                    "learning_rate": "lr",
                    "n_epochs": "epochs",
                    "gamma": "discount",
                    "vf_coef": "value-loss-coef",
                    "ent_coef": "entropy-coef",
                },
            ),
        ),
        Told(
            "in code",
            {"reward_scale": "PPOAlgo(..., reshape_reward=lambda obs, action, reward, done: {value} * reward)"},
        ),
    ),
)
