"""Standardising each component's advantages lifts a negligible one to full weight.

What
    Advantages are standardised per reward component, and a component is far smaller than the largest one.

Why
    After division by its own standard deviation every component pulls with unit size. A shaping term that was a
    thousandth of the reward, or pure noise, then has as much say in the policy as the goal.

Evidence
    The setting; root-mean-square size of the smallest component over the largest.

Stays silent
    Advantages standardised after they are combined; components of like size; learned weights that move, which then
    say what a component counts: ``component-weights-drift`` judges those.

References
    Liu et al. 2026, arXiv:2601.05242: normalise each reward, then sum; the paper argues for it.
    HorizonRobotics/alf#1655: normalising the weighted sum instead of each dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.components import DRIFTS, ComponentUse, WeightPath
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    negligible: float = 0.1
    """Largest size over the largest component's that standardising lifts by 10 and more; ours, 16 times did harm."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse"))
def check(
    advantages_per_component: Setting,
    component_use: dict[str, ComponentUse],
    weight_paths: tuple[WeightPath, ...] | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    audible = [use for use in component_use.values() if use.share > 0]
    if not advantages_per_component.value or len(audible) < 2:
        return
    if not isinstance(weight_paths, Missing) and any(path.factor > DRIFTS for path in weight_paths):
        return
    least, most = (pick(audible, key=lambda use: use.share) for pick in (min, max))
    size = (least.share / most.share) ** 0.5
    if not size < limits.negligible:
        return
    claim = f"size of {least.name} over {most.name}"
    where = advantages_per_component.where
    yield Finding(
        message=f"{least.name} is lifted {1 / size:,.0f} times, to the weight of {most.name}",
        evidence=(Evidence(claim=claim, observed=size, relation="<", limit=limits.negligible, where=where),),
        binding=True,
    )
