"""torch-ac with the scripts of rl-starter-files.

Read off ``torch_ac/algos/ppo.py`` at 1f32e42. Every loss is the mean over the update; the value loss is the larger
one of the plain and the clipped squared error, always clipped, as wide as the policy's ``clip_eps``. The gradient
norm is the one before clipping. ``rreturn`` is the return after reshaping, which the agent learns from. Advantages are
not standardised. The settings are arguments of a command line, which rl-starter-files prints into ``log.txt``.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting

FRAMES_PER_PROCESS = 128
"""Steps of each environment an update, where none are given."""


def identified(config: Config) -> bool:
    """Tell whether these are the arguments of its training script, for PPO."""
    given = {entry.path[0]: entry.value for entry in config.entries}
    return {"clip_eps", "frames_per_proc"} <= given.keys() and given.get("algo") == "ppo"


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the algorithm does without an argument, and the steps of all environments together."""
    if not identified(config):
        return found
    always = {"value_clip": True, "value_clip_relative": False, "normalize_advantage": False}
    found = without_key(always | {"normalize_returns": False}, "code of torch-ac") | found
    found = without_key({"n_steps": FRAMES_PER_PROCESS}, "torch-ac default") | found
    if "n_envs" in found:
        steps = found["n_steps"].value * found["n_envs"].value
        found |= without_key({"rollout_steps": steps}, "procs x frames_per_proc")
    return found


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
    paths={
        "learning_rate": ("lr",),
        "n_epochs": ("epochs",),
        "batch_size": ("batch_size",),
        "n_steps": ("frames_per_proc",),
        "n_envs": ("procs",),
        "gamma": ("discount",),
        "gae_lambda": ("gae_lambda",),
        "clip_range": ("clip_eps",),
        "clip_range_vf": ("clip_eps",),
        "vf_coef": ("value_loss_coef",),
        "ent_coef": ("entropy_coef",),
        "max_grad_norm": ("max_grad_norm",),
    },
    identified=identified,
    derive=derive,
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
