"""What stands beside the fixes: the unchanged run, the same with other noise, a healthy one, and a random patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model.replay import Arm
from rundoctor.replaying.arms.plan import Plan

HEALTHY: Mapping[str, Any] = {
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "clip_range": 0.2,
    "vf_coef": 0.5,
    "ent_coef": 0.0,
    "max_grad_norm": 0.5,
    "normalize_advantage": True,
    "normalize_returns": True,
    "critic_learning_rate": None,
    "target_kl": None,
    "clip_range_vf": None,
    "value_loss_clamp": None,
    "huber_delta": None,
    "advantages_per_component": False,
    "normalize_returns_per_batch": False,
    "return_scale": None,
}
"""The reference: the defaults of Stable-Baselines3 2.9.2, with scaled rewards."""
SHARES = ("gamma", "gae_lambda")
"""Numbers below 1: what they fall short of it by is moved, the sight in steps."""
HEALTHY_EPOCHS = 10
"""Epochs of the reference where the run has more."""
HEALTHY_REACH = 0.1
"""Learning rate x gradient steps of an update of the reference: 3e-4 x 320, the same defaults."""
HEALTHY_RATES = (1e-4, 1e-3)
"""Bounds of its learning rate."""
DECADES = 1.0
"""Farthest the random arm moves a number, in decades."""


def controls(plans: Sequence[Plan], values: Mapping[str, Any], minibatches: int, seed: int) -> list[Plan]:
    """Control, placebo, reference, and a random patch on the keys that the fixes change, where there can be one."""
    found = [
        Plan(name="control", arm=Arm.CONTROL, values=values, edits={}),
        Plan(name="placebo", arm=Arm.PLACEBO, values=values, edits={}),
        Plan(name="reference", arm=Arm.REFERENCE, values=values, edits=_healthy(values, minibatches)),
    ]
    random = _at_random(plans, np.random.default_rng(seed)) if plans else None
    return [*found, random] if random else found


def _healthy(values: Mapping[str, Any], minibatches: int) -> dict[str, Any]:
    epochs = min(int(values["n_epochs"]), HEALTHY_EPOCHS)
    low, high = HEALTHY_RATES
    rate = min(high, max(low, HEALTHY_REACH / (epochs * minibatches)))
    return {**HEALTHY, "n_epochs": epochs, "learning_rate": rate}


def _at_random(plans: Sequence[Plan], draw: np.random.Generator) -> Plan | None:
    """As many numbers as the first plan changes keys, of those that any plan changes, moved by up to a decade each.

    Switches are left alone: moved, one is what the run has or what the fix says. None where there is no number whose
    move leaves a trace.
    """
    control = Plan(name="random", arm=Arm.RANDOM, values=plans[0].values, edits={})
    suggested = {name: value for plan in reversed(plans) for name, value in plan.edits.items()}
    moved: dict[str, float] = {}
    for name in sorted(suggested):
        anchor = control.values.get(name)
        anchor = suggested[name] if anchor is None else anchor
        if anchor and not isinstance(anchor, bool):
            number = _moved(name, float(anchor), draw.uniform(-DECADES, DECADES))
            alone = replace(control, edits={name: number})
            moved |= {} if any(alone.trains_as(one) for one in (control, *plans)) else {name: number}
    if not moved:
        return None
    names = draw.choice(sorted(moved), size=min(len(plans[0].edits), len(moved)), replace=False)
    return replace(control, edits={name: moved[name] for name in map(str, names)})


def _moved(name: str, number: float, decades: float) -> float:
    """The number so many decades away; a whole one below, since more epochs take time that no budget counts."""
    if name in SHARES:
        return max(0.0, 1 - (1 - number) * 10**decades)
    if HYPERPARAMETERS[name].kind is int:
        return max(1, round(number * 10 ** -abs(decades)))
    return number * 10**decades
