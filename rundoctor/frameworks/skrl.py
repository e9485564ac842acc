"""skrl.

Read off skrl at c29ced63 (``agents/torch/ppo``) and the keys of 1.4. The logged value loss is multiplied with
``value_loss_scale`` and, while values are clipped, that of the clipped prediction. The policy clip and the value clip
have keys of their own. With a ``value_preprocessor`` the critic learns standardised returns. The mean reward
of a step stands in for the return where no episode has ended yet.

Names as in 2.1.1 (``ppo_cfg.py``), where a ``value_clip`` of 0 is off, and in 1.4.3 (``ppo.py``), where
``clip_predicted_values`` is the switch. IsaacLab writes ``params/agent.yaml`` and does not read it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rundoctor.frameworks import Column, Framework, Place, Told, each, without_key
from rundoctor.model import Config, Setting


def identified(config: Config) -> bool:
    """Tell whether the config is one that skrl's runner reads."""
    paths = {".".join(entry.path) for entry in config.entries}
    return {"agent.rollouts", "agent.ratio_clip"} <= paths


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Read the value preprocessor as return normalisation, and a threshold or a clip of zero as switched off."""
    if not identified(config):
        return found
    always = {"normalize_advantage": True, "value_clip_relative": False, "normalize_returns": False}
    found = without_key(always, "code of skrl") | found
    entry = next((entry for entry in config.entries if entry.path == ("agent", "value_preprocessor")), None)
    if entry is not None:
        where, standardised = f"{config.file}:{entry.line}", entry.value is not None
        found["normalize_returns"] = Setting(
            name="normalize_returns", path="agent.value_preprocessor", value=standardised, raw=entry.raw, where=where
        )
    if "target_kl" in found and not found["target_kl"].value:
        found["target_kl"] = replace(found["target_kl"], value=None)
    clip = found.get("clip_range_vf")
    if clip is not None and "value_clip" not in found:
        found["value_clip"] = replace(clip, name="value_clip", value=clip.value > 0)
    return found


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
    value_loss_weighted=True,
    paths={
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
        "reward_scale": ("agent.rewards_shaper_scale",),
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
