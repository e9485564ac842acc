"""rsl_rl, with legged_gym and IsaacLab around it.

Read off rsl_rl at c281c32 (``algorithms/ppo.py``, ``utils/logger.py``) and its logs of 2024 to 2026. The step of an
event is the iteration. The value loss is the mean squared error, or the larger one with the clipped prediction; the
width of that clip is ``clip_param``, the one of the policy. Advantages are standardised over the rollout or the
minibatch, never left as they are. ``desired_kl`` steers the learning rate and stops nothing.

IsaacLab writes ``params/agent.yaml`` and reads Python configs, whose values ``agent.<path>=<value>`` overrides (its
page on Hydra); the names are those of ``PPO.__init__`` in rsl-rl-lib 2.3.3 and 5.5.1.

Defaults of absent keys as in rsl-rl-lib 3.0.0 to 5.5.1, whose config names ``obs_groups``, and as in 2.3.3, whose
config has ``empirical_normalization`` in its place.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from rundoctor.frameworks import Column, Framework, Place, Told, each, without_key
from rundoctor.model import Config, Setting

_DEFAULTS_OF_2 = {
    "learning_rate": 1e-3,
    "n_epochs": 1,
    "gamma": 0.998,
    "gae_lambda": 0.95,
    "value_clip": True,
    "vf_coef": 1.0,
    "ent_coef": 0.0,
    "max_grad_norm": 1.0,
}
_DEFAULTS_SINCE_3 = _DEFAULTS_OF_2 | {"n_epochs": 5, "gamma": 0.99, "ent_coef": 0.01}
_PATHS = {
    "learning_rate": ("algorithm.learning_rate",),
    "n_epochs": ("algorithm.num_learning_epochs",),
    "n_steps": ("num_steps_per_env",),
    "total_updates": ("max_iterations",),
    "gamma": ("algorithm.gamma",),
    "gae_lambda": ("algorithm.lam",),
    "clip_range": ("algorithm.clip_param",),
    "value_clip": ("algorithm.use_clipped_value_loss",),
    "clip_range_vf": ("algorithm.clip_param",),
    "vf_coef": ("algorithm.value_loss_coef",),
    "ent_coef": ("algorithm.entropy_coef",),
    "max_grad_norm": ("algorithm.max_grad_norm",),
    "kl_target": ("algorithm.desired_kl",),
    "log_std_init": ("policy.init_noise_std",),
}


def identified(config: Config) -> bool:
    """Tell whether the config is the one that a runner of rsl_rl was given."""
    paths = {".".join(entry.path) for entry in config.entries}
    return {"num_steps_per_env", "algorithm.clip_param"} <= paths


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the algorithm does whatever its config says, and the defaults of the version that wrote it."""
    if not identified(config):
        return found
    noise = found.get("log_std_init")
    if noise is not None:
        logarithm = {"log_std_init": replace(noise, value=math.log(noise.value))} if noise.value > 0 else {}
        found = {name: setting for name, setting in found.items() if name != "log_std_init"} | logarithm
    always = {"value_clip_relative": False, "normalize_advantage": True, "normalize_returns": False}
    return without_key(always, "code of rsl_rl") | _defaults(config) | found


def express(config: Config, name: str, value: Any) -> tuple[Place, ...] | None:
    """Say that the first noise is written as a deviation, not as its logarithm."""
    return (("policy.init_noise_std", math.exp(value)),) if name == "log_std_init" else None


def _defaults(config: Config) -> dict[str, Setting]:
    """Return the defaults of absent keys; nothing where the version cannot be told."""
    if re.search(r"^obs_groups:", config.text, re.MULTILINE):
        return without_key(_DEFAULTS_SINCE_3, "default of rsl_rl 3 to 5", _PATHS)
    if any(entry.path == ("empirical_normalization",) for entry in config.entries):
        return without_key(_DEFAULTS_OF_2, "default of rsl_rl 2", _PATHS)
    return {}


_KEYS = {
    "learning_rate": "learning_rate",
    "n_epochs": "num_learning_epochs",
    "gamma": "gamma",
    "vf_coef": "value_loss_coef",
    "ent_coef": "entropy_coef",
}

FRAMEWORK = Framework(
    name="rsl_rl",
    title="rsl_rl",
    columns={
        "Train/mean_reward": Column("reward_mean"),
        "Train/mean_episode_length": Column("episode_length"),
        "Loss/value_function": Column("value_loss"),
        "Loss/value": Column("value_loss"),
        "Loss/surrogate": Column("policy_loss"),
        "Loss/entropy": Column("entropy"),
        "Loss/learning_rate": Column("learning_rate"),
        "Policy/mean_noise_std": Column("action_std"),
        "Policy/mean_std": Column("action_std"),
        "Perf/total_fps": Column("steps_per_second"),
    },
    leave_out=r"Perf/(?!total_fps)|Train/\w+/time$",
    once_an_update=("Loss/value_function", "Loss/value", "Loss/surrogate"),
    steps_are_updates=True,
    value_loss_share=(1.0, 1.0),
    rate_bounds=(1e-5, 1e-2),
    paths=_PATHS,
    identified=identified,
    derive=derive,
    express=express,
    told=(
        Told(
            "on IsaacLab's command line",
            {
                **each("agent.algorithm.{key}={value}", _KEYS),
                "value_clip": {False: "agent.algorithm.use_clipped_value_loss=false"},
            },
        ),
        Told(
            "in the runner's config",
            {
                **each("algorithm.{key} = {value}", _KEYS),
                "value_clip": {False: "algorithm.use_clipped_value_loss = False"},
            },
        ),
    ),
    records=("agent.yaml",),
)
