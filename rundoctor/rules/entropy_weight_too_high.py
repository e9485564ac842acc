"""The entropy bonus outweighs the reward signal.

What
    ent_coef is far above the usual range, and the policy stays about as random as it began, or pays for each update
    with much of what that gains.

Why
    Advantages are standardised to one, whatever the reward is worth; a bonus of 0.1 nat and more per unit of entropy
    then pulls towards the uniform policy as hard as most advantages pull away from it. The reward stops where the two
    balance.

Evidence
    Weight against the usual range; share of its first entropy that the policy keeps, or what each update gives up of
    it, in bonus, beside what the update gains. Where the entropy is not logged, a total loss so negative that the bonus
    must be larger than the policy loss.

Stays silent
    Weights up to twice the usual ones; an entropy that falls as the policy learns, at a small price. Without a
    symptom it is a hazard where neither the entropy nor such a loss is logged.

References
    DLR-RM/stable-baselines3#2240: ent_coef 0.15, entropy 1.33 of ln 4 = 1.386 after 1.1 million steps.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): beta 1e-4 to 1e-2; lower it if entropy drops too
        slowly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.entropy_bonus import POLICY_LOSS, BonusPrice, LeastBonus
from rundoctor.facts.policy import EntropyLevel
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
    price: float = 0.36
    """Smallest share of the surrogate's gain that the bonus takes back; harmed from 0.5, unharmed to 0.26
    (benchmarks/corpus)."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse"))
def check(
    ent_coef_in_force: Setting,
    entropy_level: EntropyLevel | Missing,
    bonus_price: BonusPrice | Missing,
    least_bonus: LeastBonus | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    usual = (HYPERPARAMETERS["ent_coef"].usual or (0.0, 1.0))[1]
    if not ent_coef_in_force.value > limits.beyond_usual * usual:
        return
    effect, proof = _effect(entropy_level, bonus_price, least_bonus, limits)
    if isinstance(entropy_level, EntropyLevel) and not proof:
        return
    yield Finding(
        message=f"ent_coef {ent_coef_in_force.value:.3g} {effect}",
        evidence=(
            Evidence(
                claim=f"weight of the entropy bonus, against {limits.beyond_usual:g} times the usual upper end",
                observed=ent_coef_in_force.value,
                relation=">",
                limit=limits.beyond_usual * usual,
                where=ent_coef_in_force.where,
            ),
            *proof,
        ),
        binding=bool(proof),
        about="ent_coef",
        decide_by=() if isinstance(entropy_level, EntropyLevel) else ("log the entropy per update",),
    )


def _effect(
    level: EntropyLevel | Missing, price: BonusPrice | Missing, bonus: LeastBonus | Missing, limits: Limits
) -> tuple[str, tuple[Evidence, ...]]:
    """What the bonus does to the policy, in words, and what shows it."""
    if isinstance(level, EntropyLevel) and level.kept >= limits.kept:
        claim, where = "share of its first entropy the policy keeps", level.curve.source
        proof = Evidence(claim=claim, observed=level.kept, relation=">=", limit=limits.kept, where=where)
        return "keeps the policy random", (proof,)
    if isinstance(price, BonusPrice) and price.share > limits.price:
        claim = "bonus given up with the entropy of an update, over what its policy loss gains"
        proof = Evidence(claim=claim, observed=price.share, relation=">", limit=limits.price, where=price.where)
        return "takes back much of what an update gains", (proof,)
    if isinstance(level, Missing) and isinstance(bonus, LeastBonus) and bonus.size >= POLICY_LOSS:
        claim = "least size of the bonus in the total loss; policy losses stay below"
        proof = Evidence(claim=claim, observed=bonus.size, relation=">=", limit=POLICY_LOSS, where=bonus.where)
        return "outweighs the policy loss", (proof,)
    return "is far above the usual", ()
