"""A reward component is never anything but zero.

What
    A component is computed in every episode and is exactly zero in all of them.

Why
    A key that does not match, a condition that is never met or a weight of zero: the agent is not told what the config
    says it is told. If the component was the goal, nothing points there; if it paid for going on, nothing says so.

Evidence
    Steps on which it was present and different from zero, none; its weight in the config. It counts against the run
    where the agent learns to spare costs instead: a step costs less than at first, and that is most of what was gained.

Stays silent
    Components with count 0, which were absent; components that are zero in some episodes only; weights set to zero. It
    is a hazard where the rest of the reward pays ever more, where only time is saved, as by a goal that is met sooner,
    or where the name is that of a punishment: one that is never due is zero as well.

References
    openai/large-scale-curiosity#20: the reward never rises, as its coefficient was set to 0.
    isaac-sim/IsaacLab#1955: a reward term that is used, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.components import ComponentUse
from rundoctor.facts.saving import Saving
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule

PUNISHMENTS = ("penalty", "punish", "violation", "collision")
"""Parts of names of what is paid for mistakes alone."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    most: float = 0.5
    """Smallest share of saved costs in what was gained: 0.86 and more where a dead goal did harm, else up to 0.22."""
    step_left: float = 0.8
    """Largest cost of a step, last over first, that counts as spared: up to 0.62 where a dead goal did harm."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    run: Run,
    component_use: dict[str, ComponentUse],
    saving: Saving,
    component_weights: Setting | Missing,
    reward_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    source = run.episodes.source if run.episodes else ""
    spared = saving.of_gain > limits.most and saving.step_left < limits.step_left
    for name, use in component_use.items():
        if not use.silent or _switched_off(name, component_weights, reward_weights):
            continue
        claim = f"largest size of {name} in {len(use.step)} updates"
        proof = Evidence(claim=claim, observed=0.0, relation="=", limit=0.0, where=source)
        costly = spared and not any(word in name.lower() for word in PUNISHMENTS)
        yield Finding(
            message=f"{name} is zero in every episode" + (", and the agent learns to spare costs" if costly else ""),
            evidence=(proof, *_spared(saving, limits, source)) if costly else (proof,),
            binding=costly,
            against=("a goal that is never met looks the same",) if costly else (),
        )


def _spared(saving: Saving, limits: Limits, where: str) -> tuple[Evidence, Evidence]:
    gain, step = "share of saved costs in what was gained", "last cost of a step over the first"
    return (
        Evidence(claim=gain, observed=saving.of_gain, relation=">", limit=limits.most, where=where),
        Evidence(claim=step, observed=saving.step_left, relation="<", limit=limits.step_left, where=where),
    )


def _switched_off(name: str, *weights: Setting | Missing) -> bool:
    return any(
        isinstance(setting, Setting) and isinstance(setting.value, dict) and setting.value.get(name) == 0
        for setting in weights
    )
