"""From the value in a config to the kind that its hyper-parameter has."""

from __future__ import annotations

import math
import re
from typing import Any

from rundoctor.hyperparameters import HYPERPARAMETERS

OFF_WHEN_NULL = frozenset(
    {
        "target_kl",
        "clip_range_vf",
        "max_grad_norm",
        "value_loss_clamp",
        "reward_clip",
        "huber_delta",
        "critic_learning_rate",
    }
)
"""Hyper-parameters that null switches off; null in another one is no setting."""
BOUNDS = OFF_WHEN_NULL - {"critic_learning_rate"}
"""Those of them that an infinite value switches off as well."""

LARGEST, SMALLEST = 3.4028235e38, 1.4e-45
"""Sizes that a 32-bit float can have. Networks compute in it: more is as good as infinity there, and less is 0."""

_SCHEDULE = re.compile(r"[a-z]+_(.+)")
"""A schedule of the RL Baselines3 Zoo, such as ``lin_3e-4``: the number is its first value."""
_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Unusable(ValueError):
    """A value that its hyper-parameter cannot have; the message says why."""


def convert(name: str, value: Any) -> Any:
    """Return a config value as its hyper-parameter's kind; None for a bound that is switched off.

    Raises:
        Unusable: the value has another kind, is not finite, or is beyond what the hyper-parameter can be.
    """
    kind = HYPERPARAMETERS[name].kind
    if value is None:
        if name in OFF_WHEN_NULL:
            return None
        raise Unusable("has no value")
    if kind is bool:
        return _bool(value)
    if name in BOUNDS and str(value).lower() in ("inf", "infinity"):
        return None
    number = number_of(value)
    low, high = HYPERPARAMETERS[name].possible
    if number < low:
        raise Unusable(f"{value!r} is below {low:g}, the least it can be")
    if number > high:
        raise Unusable(f"{value!r} is above {high:g}, the most it can be")
    if kind is int:
        if number != int(number):
            raise Unusable(f"{value!r} is no whole number")
        return int(number)
    return number


def _bool(value: Any) -> bool:
    plain = _BOOLS.get(value.lower()) if isinstance(value, str) else value
    if plain not in (True, False):
        raise Unusable(f"{value!r} is neither true nor false")
    return bool(plain)


def is_schedule(text: str) -> bool:
    """Whether a config's characters say a value that changes in training."""
    return _SCHEDULE.fullmatch(text.strip("'\" ")) is not None


def number_of(value: Any) -> float:
    """Return a config value as a number that a trainer can compute with.

    Raises:
        Unusable: the value is no number, not finite, or beyond a 32-bit float.
    """
    if value is None:
        raise Unusable("has no value")
    if isinstance(value, str):
        schedule = _SCHEDULE.fullmatch(value)
        value = schedule[1] if schedule else value
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not (number == 0 or SMALLEST <= abs(number) <= LARGEST):
        raise Unusable(f"{str(value)[:40]!r} is no finite number")
    return number
