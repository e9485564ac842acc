"""Judges that are simpler than a diagnosis: a run to the causes they would name, the first one first."""

from __future__ import annotations

import math
from collections.abc import Callable

from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Run

OUTSIDE: dict[tuple[str, bool], str] = {
    ("learning_rate", False): "learning-rate-too-low",
    ("learning_rate", True): "learning-rate-too-high",
    ("n_epochs", True): "too-many-epochs",
    ("clip_range", False): "policy-clip-too-narrow",
    ("clip_range", True): "policy-clip-too-wide",
    ("gamma", False): "discount-too-low",
    ("gae_lambda", False): "gae-lambda-too-low",
    ("vf_coef", False): "value-weight-too-low",
    ("vf_coef", True): "value-weight-too-high",
    ("ent_coef", False): "entropy-weight-negative",
    ("ent_coef", True): "entropy-weight-too-high",
    ("max_grad_norm", False): "gradient-clip-too-tight",
    ("target_kl", False): "target-kl-too-low",
    ("batch_size", False): "minibatch-too-small",
    ("n_steps", False): "rollout-too-short",
}
"""A setting below (False) or above (True) its usual range, and what that would be the cause of."""
SWITCHES: dict[tuple[str, bool], str] = {
    ("normalize_returns", False): "returns-not-normalized",
    ("normalize_advantage", False): "advantages-not-normalized",
    ("value_clip", True): "value-clip-too-tight",
    ("advantages_per_component", True): "component-weights-equalized",
    ("learnable_component_weights", True): "component-weights-drift",
}
"""A switch that usual configurations have the other way; it ranks after every number that is out of range."""


def always_learning_rate(run: Run) -> list[str]:
    """What most advice begins with."""
    return ["learning-rate-too-high"]


def settings_out_of_range(run: Run) -> list[str]:
    """The settings outside their usual range, farthest in decades first; the log is not looked at."""
    found = {rule: decades for name in HYPERPARAMETERS for rule, decades in _outside(run, name)}
    switched = [
        rule for (name, on), rule in SWITCHES.items() if name in run.settings and run.settings[name].value is on
    ]
    return [*sorted(found, key=lambda rule: -found[rule]), *switched]


def _outside(run: Run, name: str) -> list[tuple[str, float]]:
    usual, setting = HYPERPARAMETERS[name].usual, run.settings.get(name)
    value = setting.value if setting else None
    if usual is None or isinstance(value, bool) or not isinstance(value, int | float):
        return []
    low, high = usual
    if low <= value <= high:
        return []
    rule = OUTSIDE.get((name, value > high))
    return [(rule, _decades(*sorted((value, high if value > high else low))))] if rule else []


def _decades(small: float, large: float) -> float:
    """Infinite where no factor leads from one to the other."""
    return math.log10(large / small) if small > 0 else math.inf


BASELINES: dict[str, Callable[[Run], list[str]]] = {
    "always the learning rate": always_learning_rate,
    "settings out of range": settings_out_of_range,
}
