"""A reward component is never anything but zero.

What
    A component is computed in every episode and is exactly zero in all of them.

Why
    A key that does not match, a condition that is never met or a weight of zero: the agent is not told what the config
    says it is told. If the component was the goal, nothing points there.

Evidence
    Steps on which it was present and different from zero, none; its weight in the config. It counts against the run
    where nothing is ever gained in it: no step pays more than zero, and what is left are costs that the agent has
    learned to save.

Stays silent
    Components with count 0, which were absent; components that are zero in some episodes only; weights set to zero. It
    is a hazard where the rest of the reward still pays, or where the name is that of a punishment: one that is never
    due is zero as well.

References
    openai/large-scale-curiosity#20: the reward never rises, as its coefficient was set to 0.
    isaac-sim/IsaacLab#1955: a reward term that is used, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.facts.components import ComponentUse
from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule

PUNISHMENTS = ("penalty", "punish", "violation", "collision")
"""Parts of names of what is paid for mistakes alone."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    left: float = 0.2
    """Largest share of the first cost that is saved cost: perfect leaves 0.1 in Pendulum, 0.08 in Reacher."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    run: Run,
    component_use: dict[str, ComponentUse],
    mean_progress: Progress | Missing,
    component_weights: Setting | Missing,
    reward_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    source = run.episodes.source if run.episodes else ""
    saved = tuple(_saved(run, mean_progress, limits))
    for name, use in component_use.items():
        if not use.silent or _switched_off(name, component_weights, reward_weights):
            continue
        claim = f"largest size of {name} in {len(use.step)} updates"
        proof = Evidence(claim=claim, observed=0.0, relation="=", limit=0.0, where=source)
        costly = bool(saved) and not any(word in name.lower() for word in PUNISHMENTS)
        yield Finding(
            message=f"{name} is zero in every episode" + (", and all that is left are costs" if costly else ""),
            evidence=(proof, *saved) if costly else (proof,),
            binding=costly,
            against=("a goal that is never met looks the same",) if costly else (),
        )


def _saved(run: Run, progress: Progress | Missing, limits: Limits) -> Iterator[Evidence]:
    """The cost that is left, where no step ever pays more than zero and most of it is saved."""
    total = run.episodes.components.get("total_reward") if run.episodes is not None else None
    if total is None or isinstance(progress, Missing) or not progress.start < 0:
        return
    if float(np.nanmax(total.maximum, initial=-np.inf)) <= 0 and -progress.last < -limits.left * progress.start:
        observed, claim = progress.last / progress.start, "last cost over the first, where no step pays more than zero"
        yield Evidence(claim=claim, observed=observed, relation="<", limit=limits.left, where=progress.where)


def _switched_off(name: str, *weights: Setting | Missing) -> bool:
    return any(
        isinstance(setting, Setting) and isinstance(setting.value, dict) and setting.value.get(name) == 0
        for setting in weights
    )
