"""skrl.

Read off skrl 2.1.1 and 1.4.3 (``agents/torch/ppo``, ``utils/runner/torch/runner.py``). The logged value loss is
multiplied with ``value_loss_scale`` and, while values are clipped, that of the clipped prediction. The policy clip and
the value clip have keys of their own. With a ``value_preprocessor`` the critic learns standardised returns. The mean
reward of a step stands in for the return where no episode has ended yet.

Since 2.0 a value clip above zero is on, and the weight of the value loss is 2.5; before, ``clip_predicted_values``
switched the clip, off by default, and the weight was 1. A config with ``gae_lambda`` or ``observation_preprocessor`` is
for 2.0 and later, one that has ``clip_predicted_values`` means the same to both; else the version is not known, and
what it decides is left open.
IsaacLab writes ``params/agent.yaml`` and does not read it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rundoctor.frameworks import Column, Framework, Place, Told, each, without_key
from rundoctor.model import Config, Entry, Setting

_PATHS = {
    "learning_rate": ("agent.learning_rate",),
    "n_epochs": ("agent.learning_epochs",),
    "n_steps": ("agent.rollouts",),
    "gamma": ("agent.discount_factor",),
    "gae_lambda": ("agent.gae_lambda", "agent.lambda"),
    "clip_range": ("agent.ratio_clip",),
    "value_clip": ("agent.clip_predicted_values",),
    "clip_range_vf": ("agent.value_clip",),
    "vf_coef": ("agent.value_loss_scale",),
    "ent_coef": ("agent.entropy_loss_scale",),
    "max_grad_norm": ("agent.grad_norm_clip",),
    "target_kl": ("agent.kl_threshold",),
    "log_std_init": ("models.policy.initial_log_std",),
    "reward_scale": ("agent.rewards_shaper_scale",),
}
_SINCE_2 = {"gae_lambda", "observation_preprocessor", "observation_preprocessor_kwargs"}


def identified(config: Config) -> bool:
    """Tell whether the config is one that skrl's runner reads."""
    paths = {".".join(entry.path) for entry in config.entries}
    return {"agent.rollouts", "agent.ratio_clip"} <= paths


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Read the value preprocessor as return normalisation, and a threshold or a clip of zero as switched off."""
    if not identified(config):
        return found
    agent = {entry.path[1]: entry for entry in config.entries if entry.path[0] == "agent" and len(entry.path) > 1}
    always = {"normalize_advantage": True, "value_clip_relative": False, "normalize_returns": False}
    found = without_key(always, "code of skrl") | found
    if _SINCE_2 & agent.keys():
        found = without_key({"vf_coef": 2.5}, "default of skrl 2", _PATHS) | found
    if "value_preprocessor" in agent:
        found["normalize_returns"] = _standardised(agent["value_preprocessor"], config)
    if "target_kl" in found and not found["target_kl"].value:
        found["target_kl"] = replace(found["target_kl"], value=None)
    return found if "value_clip" in found else _with_switch(found, known=bool(_SINCE_2 & agent.keys()))


def _with_switch(found: dict[str, Setting], *, known: bool) -> dict[str, Setting]:
    """Let the width of the value clip be its switch, as since 2.0; in an unknown version, only where it is 0."""
    clip = found.get("clip_range_vf")
    if clip is None:
        return found
    is_on = clip.value is not None and clip.value > 0
    if known or not is_on:
        return found | {"value_clip": replace(clip, name="value_clip", value=is_on)}
    return {name: setting for name, setting in found.items() if name != "clip_range_vf"}


def _standardised(entry: Entry, config: Config) -> Setting:
    return Setting(
        name="normalize_returns",
        path=".".join(entry.path),
        value=entry.value is not None,
        raw=entry.raw,
        where=f"{config.file}:{entry.line}",
    )


def express(config: Config, name: str, value: Any) -> tuple[Place, ...] | None:
    """Say that 2.x has no switch: a clip of zero is off."""
    has_switch = any(entry.path == ("agent", "clip_predicted_values") for entry in config.entries)
    return (("agent.value_clip", 0.0),) if name == "value_clip" and value is False and not has_switch else None


_KEYS = {
    "learning_rate": "learning_rate",
    "n_epochs": "learning_epochs",
    "gamma": "discount_factor",
    "clip_range": "ratio_clip",
    "clip_range_vf": "value_clip",
    "vf_coef": "value_loss_scale",
    "ent_coef": "entropy_loss_scale",
    "target_kl": "kl_threshold",
    "reward_scale": "rewards_shaper_scale",
}
_ARGUMENTS = {name: key for name, key in _KEYS.items() if name != "reward_scale"}
_SWITCH = "agent.clip_predicted_values"

FRAMEWORK = Framework(
    name="skrl",
    title="skrl",
    columns={
        "Reward / Total reward (mean)": Column("reward_mean"),
        "Reward / Instantaneous reward (mean)": Column("reward_mean"),
        "Episode / Total timesteps (mean)": Column("episode_length"),
        "Loss / Value loss": Column("value_loss"),
        "Loss / Policy loss": Column("policy_loss"),
        "Policy / Standard deviation": Column("action_std"),
        "Learning / Learning rate": Column("learning_rate"),
    },
    leave_out=r"Stats / ",
    an_update_takes="n_steps",
    once_an_update=("Loss / Value loss", "Loss / Policy loss"),
    value_loss_share=(1.0, 1.0),
    rate_bounds=(1e-6, 1e-2),
    value_loss_weighted=True,
    paths=_PATHS,
    implied={
        "learning_rate": 1e-3,
        "n_epochs": 8,
        "gamma": 0.99,
        "gae_lambda": 0.95,
        "clip_range_vf": 0.2,
        "ent_coef": 0.0,
        "max_grad_norm": 0.5,
        "target_kl": 0.0,
    },
    identified=identified,
    derive=derive,
    express=express,
    told=(
        Told("on IsaacLab's command line", each("agent.agent.{key}={value}", _KEYS)),
        Told("on IsaacLab's command line", {"value_clip": {False: "agent.agent.value_clip=0"}}, until=_SWITCH),
        Told("on IsaacLab's command line", {"value_clip": {False: f"agent.{_SWITCH}=False"}}, since=_SWITCH),
        Told(
            "in code (2.x)",
            {
                **each("PPO_CFG(..., {key}={value})", _ARGUMENTS),
                "value_clip": {False: "PPO_CFG(..., value_clip=0)"},
                "normalize_returns": {
                    True: "PPO_CFG(..., value_preprocessor=RunningStandardScaler, "
                    'value_preprocessor_kwargs={"size": 1, "device": device})'
                },
            },
            until=_SWITCH,
        ),
        Told(
            "in code (1.x)",
            {
                **each('cfg["{key}"] = {value}', _ARGUMENTS),
                "value_clip": {False: 'cfg["clip_predicted_values"] = False'},
                "normalize_returns": {
                    True: 'cfg["value_preprocessor"] = RunningStandardScaler, '
                    'cfg["value_preprocessor_kwargs"] = {"size": 1, "device": device}'
                },
            },
            since=_SWITCH,
        ),
    ),
    records=("agent.yaml",),
)
