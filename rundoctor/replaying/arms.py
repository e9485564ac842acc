"""The arms of a replay: every fix that applies, sensible pairs, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from rundoctor.errors import RundoctorError
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Diagnosis, Edit, Fix, Run
from rundoctor.model.replay import Arm, NotRun
from rundoctor.replaying.translation import NotExpressible, recipe, require_expressible
from rundoctor.treatment import propose

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
HEALTHY_EPOCHS = 10
"""Epochs of the reference where the run has more."""
HEALTHY_REACH = 0.1
"""Learning rate x gradient steps of an update of the reference: 3e-4 x 320, the same defaults."""
HEALTHY_RATES = (1e-4, 1e-3)
"""Bounds of its learning rate."""
DECADES = 1.0
"""Farthest the random arm moves a number, in decades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One arm: what it changes in the run's values, both by canonical name."""

    name: str
    arm: Arm
    values: Mapping[str, Any]
    """The run's."""
    edits: Mapping[str, Any]

    @property
    def trained_with(self) -> dict[str, Any]:
        """The values of the arm."""
        return {**self.values, **self.edits}

    @property
    def changes(self) -> tuple[str, ...]:
        """What the arm changes, such as ``clip_range_vf 0.2 -> 410``."""
        old = self.values
        changed = {name: new for name, new in self.edits.items() if new != old.get(name)}
        return tuple(f"{name} {_written(old.get(name))} -> {_written(new)}" for name, new in changed.items())


def fixes_to_try(
    run: Run, diagnosis: Diagnosis, named: Sequence[str], values: Mapping[str, Any]
) -> tuple[list[Plan], list[NotRun]]:
    """The fixes that change something in this run, the likeliest first, then pairs; and those that cannot be tried.

    Args:
        run: the run.
        diagnosis: its causes decide the order.
        named: names of fixes to try instead.
        values: every hyper-parameter in force.
    """
    book, left = FactBook(run), list[NotRun]()
    found: list[tuple[Fix, Plan]] = []
    for fix in _chosen(diagnosis, named):
        proposal = propose(fix, book)
        if not proposal.edits:
            reason = proposal.refused or f"it needs code: {fix.by_hand}"
            left.append(NotRun(fix=fix.name, reason=reason))
            continue
        try:
            found.append((fix, _planned(fix.name, proposal.edits, values)))
        except NotExpressible as error:
            left.append(NotRun(fix=fix.name, reason=f"the core has no {error}"))
    return [plan for _, plan in found] + list(_pairs(found, named)), left


def controls(plans: Sequence[Plan], values: Mapping[str, Any], minibatches: int, seed: int) -> list[Plan]:
    """Control, placebo, reference, and a random patch on the keys that the fixes change."""
    found = [
        Plan(name="control", arm=Arm.CONTROL, values=values, edits={}),
        Plan(name="placebo", arm=Arm.PLACEBO, values=values, edits={}),
        Plan(name="reference", arm=Arm.REFERENCE, values=values, edits=_healthy(values, minibatches)),
    ]
    if plans:
        edits = _at_random(plans, np.random.default_rng(seed))
        found.append(Plan(name="random", arm=Arm.RANDOM, values=values, edits=edits))
    return found


def _chosen(diagnosis: Diagnosis, named: Sequence[str]) -> list[Fix]:
    """The named fixes, or those that treat, are offered for or are tested for what was found: the first cause first."""
    if named:
        return [fix for fix in all_fixes() if fix.name in named]
    found = [one.rule for one in (*diagnosis.causes, *diagnosis.hazards)]
    places = {fix.name: _place(fix, found) for fix in all_fixes()}
    chosen = [fix for fix in all_fixes() if places[fix.name] is not None]
    return sorted(chosen, key=lambda fix: (places[fix.name], fix.order))


def _place(fix: Fix, found: Sequence[str]) -> float | None:
    """Of a fix in the order of trial; None where it is for nothing that was found."""
    kinds = ((fix.treats, 0.0), (fix.offered_for, 0.3), (fix.tested_for, 0.6))
    places = [k + after for k, rule in enumerate(found) for rules, after in kinds if rule in rules]
    return min(places, default=None)


def _planned(name: str, edits: Sequence[Edit], values: Mapping[str, Any]) -> Plan:
    if any(edit.key for edit in edits):
        raise NotExpressible("reward of several components")
    require_expressible({edit.name: None for edit in edits})
    plan = Plan(name=name, arm=Arm.FIX, values=values, edits={edit.name: edit.value for edit in edits})
    try:
        recipe(plan.trained_with)
    except (ValueError, TypeError) as error:
        raise RundoctorError(f"{name} cannot be replayed: {error}", "correct the config") from error
    return plan


def _pairs(found: Sequence[tuple[Fix, Plan]], named: Sequence[str]) -> Iterator[Plan]:
    """Two fixes at once: those the user named, or the first one of the ranking with what goes with it."""
    for (one, left), (two, right) in combinations(found, 2):
        together = one.name in two.goes_with and found[0][0] is one
        if (named or together) and not left.edits.keys() & right.edits.keys():
            edits = {**left.edits, **right.edits}
            yield Plan(name=f"{one.name}+{two.name}", arm=Arm.FIX, values=left.values, edits=edits)


def _healthy(values: Mapping[str, Any], minibatches: int) -> dict[str, Any]:
    epochs = min(int(values["n_epochs"]), HEALTHY_EPOCHS)
    low, high = HEALTHY_RATES
    rate = min(high, max(low, HEALTHY_REACH / (epochs * minibatches)))
    return {**HEALTHY, "n_epochs": epochs, "learning_rate": rate}


def _at_random(plans: Sequence[Plan], draw: np.random.Generator) -> dict[str, Any]:
    """As many keys as the first plan changes, of those that any plan changes: numbers by up to a decade, switches."""
    suggested = {name: value for plan in reversed(plans) for name, value in plan.edits.items()}
    names = draw.choice(sorted(suggested), size=len(plans[0].edits), replace=False)
    moved: dict[str, Any] = {}
    for name in map(str, names):
        anchor = plans[0].values.get(name)
        anchor = suggested[name] if anchor is None else anchor
        if isinstance(anchor, bool):
            moved[name] = bool(draw.integers(2))
        else:
            number = float(anchor) * 10 ** draw.uniform(-DECADES, DECADES)
            moved[name] = max(1, round(number)) if HYPERPARAMETERS[name].kind is int else number
    return moved


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "unset", True: "on", False: "off"}[value]
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)
