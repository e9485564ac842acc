"""The entropy bonus outweighs the reward signal.

What
    ent_coef is above the usual range and the policy stays about as random as it began.

Why
    Advantages are standardised to one, whatever the reward is worth; a bonus of 0.1 nat and more per unit of entropy
    then pulls towards the uniform policy as hard as most advantages pull away from it. The reward stops where the two
    balance.

Evidence
    Weight against the usual range; share of its first entropy that the policy keeps, or, where the entropy is not
    logged, a total loss so negative that the bonus must be larger than the policy loss.

Stays silent
    Weights inside the usual range; an entropy that falls as the policy learns.

References
    DLR-RM/stable-baselines3#2240: ent_coef 0.15, entropy 1.33 of ln 4 = 1.386 after 1.1 million steps.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): beta 1e-4 to 1e-2; lower it if entropy drops too
        slowly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import POLICY_LOSS, EntropyLevel, LeastBonus
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond_usual: float = 2.0
    """Weight over the upper end of the usual range, 0.05."""
    kept: float = 0.65
    """Smallest share of the first entropy that counts as still random: foraging is learned to two thirds at 0.68
    (benchmarks/corpus). Policies under usual weights keep as much, but theirs is no bonus to blame."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse"))
def check(
    ent_coef_in_force: Setting,
    entropy_level: EntropyLevel | Missing,
    least_bonus: LeastBonus | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    usual = (HYPERPARAMETERS["ent_coef"].usual or (0.0, 1.0))[1]
    if not ent_coef_in_force.value > limits.beyond_usual * usual:
        return
    random = tuple(_still_random(entropy_level, least_bonus, limits))
    if isinstance(entropy_level, EntropyLevel) and not random:
        return
    yield Finding(
        message=f"ent_coef {ent_coef_in_force.value:g} keeps the policy random",
        evidence=(
            Evidence(
                claim=f"weight of the entropy bonus, against {limits.beyond_usual:g} times the usual upper end",
                observed=ent_coef_in_force.value,
                relation=">",
                limit=limits.beyond_usual * usual,
                where=ent_coef_in_force.where,
            ),
            *random,
        ),
        binding=bool(random),
        about="ent_coef",
        decide_by=() if isinstance(entropy_level, EntropyLevel) else ("log the entropy per update",),
    )


def _still_random(level: EntropyLevel | Missing, bonus: LeastBonus | Missing, limits: Limits) -> Iterator[Evidence]:
    if isinstance(level, EntropyLevel):
        claim, size, limit = "share of its first entropy the policy keeps", level.kept, limits.kept
        where = level.curve.source
    elif isinstance(bonus, LeastBonus):
        claim, size, limit = (
            "least size of the bonus in the total loss; policy losses stay below",
            bonus.size,
            POLICY_LOSS,
        )
        where = bonus.where
    else:
        return
    if size >= limit:
        yield Evidence(claim=claim, observed=size, relation=">=", limit=limit, where=where)
