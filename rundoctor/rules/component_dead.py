"""A reward component is never anything but zero.

What
    A component is computed in every episode and is exactly zero in all of them.

Why
    A key that does not match, a condition that is never met or a weight of zero: the agent is not told what the config
    says it is told. If the component was the goal, nothing points there; if it paid for going on, nothing says so.

Evidence
    Steps on which it was present and different from zero, none; its weight in the config. It counts against the run
    where nothing is ever gained in it: no step pays more than zero, and what is left are costs that the agent has
    learned to save: nearly all of them, or the larger part in episodes that end sooner than they might, and do so as
    soon as they did at first. Where no goal is met, such episodes end by failure.

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

from rundoctor.facts.components import ComponentUse
from rundoctor.facts.cost_left import CostLeft
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule

PUNISHMENTS = ("penalty", "punish", "violation", "collision")
"""Parts of names of what is paid for mistakes alone."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    left: float = 0.2
    """Largest share of the first cost that is saved cost: perfect leaves 0.1 in Pendulum, 0.08 in Reacher."""
    left_failing: float = 0.5
    """The same where episodes go on to fail: the larger part."""
    step_left: float = 0.8
    """The same of a step's cost there: what is saved is not only the time, as by one that comes to the goal sooner."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    run: Run,
    component_use: dict[str, ComponentUse],
    cost_left: CostLeft | Missing,
    component_weights: Setting | Missing,
    reward_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    source = run.episodes.source if run.episodes else ""
    saved = _saved(cost_left, limits) if isinstance(cost_left, CostLeft) else ()
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


def _saved(cost: CostLeft, limits: Limits) -> tuple[Evidence, ...]:
    return cost.evidence(limits.left_failing if cost.fails_as_soon(limits.step_left) else limits.left)


def _switched_off(name: str, *weights: Setting | Missing) -> bool:
    return any(
        isinstance(setting, Setting) and isinstance(setting.value, dict) and setting.value.get(name) == 0
        for setting in weights
    )
