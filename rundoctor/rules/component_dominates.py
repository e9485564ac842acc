"""One reward component drowns the others.

What
    Most of an episode's reward is one component's, and the agent serves it at the cost of the others.

Why
    The gradient follows the sum. A cost that outweighs what the task pays is saved first, and often saved alone: by
    doing nothing, or by ending the episode. The reward rises all along, and the loss looks healthy.

Evidence
    Share of the component in an episode at first, and in what the run gained; its weight against that of what pays, or
    of the other costs where nothing pays; what happened to the others, or to the length of episodes, while it improved.

Stays silent
    A large component that pays: the main goal of most tasks carries most of the reward. A cost beside which the others
    gain as much; costs alone that are saved alike. Episodes that shrink because the goal is met, where another
    component earns more. It is a hazard where saving a cost is most of the gain, but its weight is like the others' or
    not known; and where a weight of more than ten times theirs is all that speaks against it.

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
from rundoctor.facts.dominance import Dominance
from rundoctor.model import Curve, Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    most: float = 0.5
    """Smallest share of an episode at first, and of the gain: a largest cost had 0.14 in healthy runs, 0.75 in sick."""
    saved: float = 0.5
    """Largest last over first cost of a step that counts as served."""
    shorter: float = 0.8
    """Largest last over first episode length that counts as shrinking."""
    preferred: float = 3.0
    """Largest weight over what should pay that is a preference in a cost that is served or fled; ours, 8 did harm."""
    heavier: float = 10.0
    """The same of any component; where nothing pays, the goal itself is a cost that may weigh more."""


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    run: Run,
    dominance: Dominance,
    episode_steps: Curve | Missing,
    reward_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    name, source = dominance.largest.name, run.episodes.source if run.episodes else ""
    shrink = signals.growth(episode_steps.value) if isinstance(episode_steps, Curve) else 1.0
    shorter = shrink < limits.shorter and signals.tail(dominance.largest.per_step) < 0
    served = dominance.of_gain > limits.most and dominance.saved < limits.saved < dominance.rivals_left
    beside_pay = (served and dominance.pays) or (shorter and dominance.unpaid)
    weight = limits.preferred if beside_pay else limits.heavier
    heavy = dominance.weight > weight
    flees = shorter and (dominance.rivals_lose or (heavy and dominance.unpaid))
    if not (dominance.at_first > limits.most and (flees or heavy or (served and dominance.pays))):
        return
    evidence = [_evidence(f"share of {name} in an episode at first", dominance.at_first, limits.most, source)]
    if served:
        claim = f"share of what was gained that is saved {name}"
        evidence.append(_evidence(claim, dominance.of_gain, limits.most, source))
    if flees:
        claim = f"first episode length over the last, while a step costs {name}"
        evidence.append(_evidence(claim, 1 / shrink, 1 / limits.shorter, source))
    if heavy and isinstance(reward_weights, Setting):
        claim = f"weight of {name} over the others'"
        evidence.append(_evidence(claim, dominance.weight, weight, reward_weights.where))
    part = "all" if dominance.of_gain >= 1 else f"{dominance.of_gain:.0%}"
    yield Finding(
        message=f"{name} is {dominance.at_first:.0%} of an episode at first"
        + (f", and saving it {part} of what was gained" if served else "")
        + (", and ending the episode is the cheapest way to please it" if flees else ""),
        evidence=tuple(evidence),
        binding=flees or (served and heavy),
    )


def _evidence(claim: str, observed: float, limit: float, where: str) -> Evidence:
    return Evidence(claim=claim, observed=observed, relation=">", limit=limit, where=where)
