"""One reward component drowns the others.

What
    Nearly all of the reward's size is one component's, and the agent serves it at the cost of the others.

Why
    The gradient follows the sum. A penalty per step that outweighs what the task pays makes a short episode the best
    one: the reward rises while episodes shrink, and the loss looks healthy all along.

Evidence
    Share of the component in the mean square of a step's reward; its weight against the others'; what happened to the
    others, or to the length of episodes, while it improved: a heavy cost that is halved while the others gain little is
    all that the agent sees.

Stays silent
    A large component whose growth the others share: the main goal of most tasks carries most of the reward. Episodes
    that shrink because the goal is met, where another component earns more.

References
    huggingface/trl#860: reward terms of vastly different scales.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): a curiosity reward must neither be overwhelmed nor
        overwhelm.
    van Seijen et al. 2017, arXiv:1706.04208: a value function for each component of the reward.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.components import ComponentUse, levels_of_others, others_lose, weight_over_others
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share: float = 0.8
    """Smallest share of the mean square of a step's reward."""
    shorter: float = 0.8
    """Largest last over first episode length that counts as shrinking."""
    heavier: float = 10.0
    """Weight over the median weight of the others that no longer is a preference."""
    saved: float = 0.5
    """Largest last over first cost that counts as served."""
    gained: float = 2.0
    """Factor by which the others together must gain beside it: their pay doubled, or their cost halved."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    component_use: dict[str, ComponentUse],
    episode_steps: Curve,
    reward_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    heaviest = max(component_use.values(), key=lambda use: weight_over_others(use.name, reward_weights))
    heavy = weight_over_others(heaviest.name, reward_weights) > limits.heavier
    served = heavy and _served(component_use, heaviest, limits)
    largest = heaviest if served else max(component_use.values(), key=lambda use: use.share)
    if len(component_use) < 2 or not (served or largest.share > limits.share):
        return
    ratio = weight_over_others(largest.name, reward_weights)
    shrink, cost = signals.growth(episode_steps.value), -signals.tail(largest.per_step)
    flees = shrink < limits.shorter and cost > 0 and others_lose(component_use, largest)
    if not (flees or ratio > limits.heavier):
        return
    claim, enough = "share of the mean square of a step's reward", largest.share > limits.share
    evidence = [_evidence(claim, largest.share, ">", limits.share, "reward_components_stats.json")] if enough else []
    if served:
        claim = f"cost of {largest.name} in an episode, last fifth over first, while the others gain little"
        saved = signals.tail(largest.per_episode) / signals.head(largest.per_episode)
        evidence.append(_evidence(claim, saved, "<", limits.saved, "reward_components_stats.json"))
    if flees:
        claim = f"episode length, last fifth over first, while {largest.name} costs {cost:.3g} a step"
        evidence.append(_evidence(claim, shrink, "<", limits.shorter, episode_steps.source))
    if ratio > limits.heavier and isinstance(reward_weights, Setting):
        claim = f"weight of {largest.name} over the others'"
        evidence.append(_evidence(claim, ratio, ">", limits.heavier, reward_weights.where))
    yield Finding(
        message=f"{largest.name} is {largest.share:.0%} of the reward's mean square"
        + (", and ending the episode is the cheapest way to please it" if flees else ""),
        evidence=tuple(evidence),
        binding=flees or served,
    )


def _served(uses: dict[str, ComponentUse], cost: ComponentUse, limits: Limits) -> bool:
    """Whether a cost was cut down while the others together bettered themselves less."""
    first, last = signals.head(cost.per_episode), signals.tail(cost.per_episode)
    levels = levels_of_others(uses, cost)
    begin, end = sum(level[0] for level in levels), sum(level[1] for level in levels)
    little = end <= (begin * limits.gained if begin >= 0 else begin / limits.gained)
    return little and first < 0 and last > limits.saved * first


def _evidence(claim: str, observed: float, relation: str, limit: float, where: str) -> Evidence:
    return Evidence(claim=claim, observed=observed, relation=relation, limit=limit, where=where)
