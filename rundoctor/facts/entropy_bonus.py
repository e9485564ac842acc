"""What the entropy bonus is worth beside the rest of the objective."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.policy import EntropyLevel
from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Missing, Run, Setting

POLICY_LOSS = 0.2
"""Size of the policy loss that no run of ours with standardised advantages exceeds."""
WITHIN = 0.5
"""Share of the weighted value loss by which that of an update's last minibatch may differ from the mean one: in healthy
runs of Stable-Baselines3 its median over the updates is 0.4 below it at most (benchmarks/corpus)."""
SELDOM = 0.25
"""Share of the updates in which chance may hide a bonus: raw returns scatter so much that a last minibatch is far below
the mean in half of them."""


class LeastBonus(NamedTuple):
    """What the entropy bonus takes of the total loss at the end of the run, at least.

    total = policy loss + weight x value loss - ent_coef x entropy, and a value loss only raises the total. So
    ent_coef x entropy >= -total - size of the policy loss. Where the value loss is logged, its weighted half is more of
    the total that the bonus must outweigh.
    """

    size: float
    where: str


@fact
def least_bonus(
    run: Run,
    loss: Curve | Missing,
    last_minibatch_loss: Curve | Missing,
    normalize_advantage: Setting | Missing,
    value_loss: Curve | Missing,
    vf_coef_in_force: Setting | Missing,
) -> LeastBonus | Missing:
    """From the mean total loss, else from those of the last minibatches."""
    if isinstance(normalize_advantage, Setting) and not normalize_advantage.value:
        return Missing(reason="without standardised advantages the total loss is no entropy", log="log the entropy")
    total = loss if isinstance(loss, Curve) else last_minibatch_loss
    if isinstance(total, Missing):
        return Missing(reason="no total loss is logged", log="log loss per update")
    bonus, where = -signals.tail(total.value), total.source
    if isinstance(value_loss, Curve) and isinstance(vf_coef_in_force, Setting) and vf_coef_in_force.value > 0:
        _, left, right = np.intersect1d(total.step, value_loss.step, return_indices=True)
        weight = 1.0 if framework_named(run.format).value_loss_weighted else vf_coef_in_force.value
        weighted = weight * value_loss.value[right]
        rest = signals.quantile((1 - WITHIN) * weighted - total.value[left], SELDOM) if len(left) else bonus
        if rest > bonus:
            bonus, where = rest, f"{where}, where a weight of {weight:g} on the value loss is in force"
    return LeastBonus(max(0.0, bonus - POLICY_LOSS), where)


USUAL_BONUS_WEIGHT = 0.01
"""Upper end of the typical range of Unity ML-Agents, Training-Configuration-File.md (03e51f4)."""
UNHEARD_OF = 1000.0
"""Entropy weight over the usual one that no trainer is given: advantages of 1 are then nothing beside the entropy. A
value loss of raw returns whose weight is less than the config says would need many times that."""


class LeastWeight(NamedTuple):
    """The least that the entropy must weigh for the total loss to be what it is; 1/nat."""

    value: float
    where: str


@fact
def least_ent_coef(least_bonus: LeastBonus, entropy_level: EntropyLevel) -> LeastWeight | Missing:
    if not entropy_level.last > 0:
        return Missing(reason="the entropy is not positive", log="log the loss and its parts")
    least = least_bonus.size / entropy_level.last
    if least > UNHEARD_OF * USUAL_BONUS_WEIGHT:
        return Missing(reason="the total loss lacks more than a bonus takes: vf_coef may not be the one in force")
    return LeastWeight(least, least_bonus.where)


BONUS = POLICY_LOSS / 20
"""Size of a bonus that breaks ties and does not outweigh standardised advantages."""


class ModestBonus(NamedTuple):
    """An entropy weight that is certain to be modest in this run."""

    weight: float
    basis: str
    """What it was computed from, in words."""


@fact
def modest_bonus(entropy_level: EntropyLevel | Missing) -> ModestBonus:
    """Weight x entropy of ``BONUS`` in the loss, and no more than the usual weight."""
    if isinstance(entropy_level, Missing) or not entropy_level.first > BONUS / USUAL_BONUS_WEIGHT:
        return ModestBonus(USUAL_BONUS_WEIGHT, "the upper end of usual weights")
    weight = BONUS / entropy_level.first
    return ModestBonus(weight, f"at which an entropy of {entropy_level.first:.3g} nat is {BONUS:g} in the loss")


class BonusPrice(NamedTuple):
    """What the entropy that the policy gives up costs in bonus, over what its surrogate gains; both by the update."""

    share: float
    where: str


@fact
def bonus_price(
    entropy_level: EntropyLevel, policy_loss: Curve, ent_coef_in_force: Setting, normalize_advantage: Setting | Missing
) -> BonusPrice | Missing:
    if isinstance(normalize_advantage, Setting) and not normalize_advantage.value:
        return Missing(reason="without standardised advantages the policy loss has the reward's unit")
    gain = signals.median(np.abs(policy_loss.value))
    if not gain > 0:
        return Missing(reason="the policy loss is zero", log="log the policy loss per update")
    given_up = max(0.0, entropy_level.first - entropy_level.last) / len(entropy_level.curve)
    return BonusPrice(ent_coef_in_force.value * given_up / gain, policy_loss.source)
