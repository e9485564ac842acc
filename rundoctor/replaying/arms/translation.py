"""Canonical hyper-parameters to what the PPO core trains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rundoctor.ppo.config import AdvantageNormalization, Config, KLStop, Returns, ValueLoss


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one candidate is trained."""

    config: Config
    shared_trunk: bool
    reward_scale: float
    """Factor on the rewards that the environment pays."""


class NotExpressible(Exception):
    """A hyper-parameter that the core does not have; its name."""


PLAIN = (
    "learning_rate",
    "critic_learning_rate",
    "n_epochs",
    "batch_size",
    "gamma",
    "gae_lambda",
    "clip_range",
    "vf_coef",
    "ent_coef",
    "max_grad_norm",
)
"""Hyper-parameters that have their canonical name in the core as well."""
ELSEWHERE = frozenset(
    {
        "shared_trunk",
        "reward_scale",
        "target_kl",
        "value_clip",
        "clip_range_vf",
        "value_clip_relative",
        "value_loss_clamp",
        "huber_delta",
        "normalize_advantage",
        "advantages_per_component",
        "normalize_returns",
        "normalize_returns_per_batch",
        "return_scale",
        "reward_clip",
    }
)
"""Hyper-parameters that are translated here."""
EXPRESSIBLE = ELSEWHERE | set(PLAIN)


def recipe(values: Mapping[str, Any], value_clip_form: str = "max") -> Recipe:
    """Return the recipe for values by canonical name; what is absent has the core's default.

    Args:
        values: hyper-parameters; None is off.
        value_clip_form: ``max`` or ``hard``, see ``frameworks.Framework``.

    Raises:
        ValueError: a value with which there is no update.
    """
    plain = {name: values[name] for name in PLAIN if values.get(name) is not None}
    if "max_grad_norm" in values:
        plain["max_grad_norm"] = math.inf if values["max_grad_norm"] is None else values["max_grad_norm"]
    target = values.get("target_kl")
    reward_clip = values.get("reward_clip")
    config = Config(
        **plain,
        **_value_loss(values, value_clip_form),
        target_kl=target or math.inf,
        kl_stop=KLStop.SB3 if target else KLStop.OFF,
        advantage_normalization=_advantages(values),
        **_returns(values),
        **({"reward_clip": reward_clip} if reward_clip else {}),
    )
    scale = values.get("reward_scale")
    return Recipe(
        config=config, shared_trunk=bool(values.get("shared_trunk")), reward_scale=1.0 if scale is None else scale
    )


def require_expressible(names: Mapping[str, Any]) -> None:
    """Raise ``NotExpressible`` with the first hyper-parameter that the core does not have."""
    for name in names:
        if name not in EXPRESSIBLE:
            raise NotExpressible(name)


def _value_loss(values: Mapping[str, Any], form: str) -> dict[str, Any]:
    """The form of the value loss and its one number; a clamp stands before a Huber loss, that before a clip."""
    if values.get("value_loss_clamp"):
        return {"value_loss": ValueLoss.CLAMP_SQUARED, "value_loss_clamp": values["value_loss_clamp"]}
    if values.get("huber_delta"):
        return {"value_loss": ValueLoss.HUBER, "huber_delta": values["huber_delta"]}
    width = values.get("clip_range_vf")
    if values.get("value_clip") is False or not width or width <= 0:
        return {"value_loss": ValueLoss.MSE}
    if values.get("value_clip_relative"):
        return {"value_loss": ValueLoss.CLIP_RELATIVE, "clip_range_vf": width}
    return {
        "value_loss": ValueLoss.CLIP_HARD if form == "hard" else ValueLoss.CLIP_MAX,
        "clip_range_vf": width,
    }


def _advantages(values: Mapping[str, Any]) -> AdvantageNormalization:
    if values.get("advantages_per_component"):
        return AdvantageNormalization.PER_COMPONENT
    on = values.get("normalize_advantage")
    return AdvantageNormalization.OFF if on is False else AdvantageNormalization.MINIBATCH


def _returns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The unit of the returns; a running one stands before a batch's own, which alone has a factor."""
    if values.get("normalize_returns") or not values.get("normalize_returns_per_batch"):
        return {"returns": Returns.RUNNING if values.get("normalize_returns") else Returns.RAW}
    factor = values.get("return_scale")
    return {"returns": Returns.BATCH, **({} if factor is None else {"return_scale": factor})}
