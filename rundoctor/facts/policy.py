"""How far the policy moves in an update, and how random it stays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Evidence, Missing, Run, Setting


class PolicyMotion(NamedTuple):
    """Approximate KL between the policy before and after an update, in nats."""

    median: float
    """Over the updates that moved at all; its size, since an estimate from samples may be negative."""
    last: float
    """The same over the last fifth of the run."""
    peak: float
    clip_fraction: float | None
    """Median share of samples whose ratio leaves the clip range."""
    starved_from: int | None
    """Update from which it stays below ``STARVED_KL``."""
    curve: Curve
    where: str

    @property
    def level(self) -> float:
        """The larger one of the whole run's and the end's: a policy may leave its trust region late, and for good."""
        return max(self.median, self.last)

    @property
    def level_is_of(self) -> str:
        """What ``level`` is, in words."""
        return "median KL of an update (nat)" if self.median >= self.last else "KL of an update at the end (nat)"

    @property
    def starved(self) -> bool:
        """Whether the median update hardly moves the policy."""
        return self.median < STARVED_KL

    @property
    def starvation(self) -> tuple[Evidence, ...]:
        """That as evidence, where it is so."""
        return self.slower_than(STARVED_KL)

    def slower_than(self, limit: float) -> tuple[Evidence, ...]:
        """The median update as evidence, where it moves the policy by less than the limit."""
        claim = "median KL of an update (nat): the policy hardly moves"
        proof = Evidence(claim=claim, observed=self.median, relation="<", limit=limit, where=self.where)
        return (proof,) if self.median < limit else ()


STARVED_KL = 5e-4
"""The median update of the healthy development runs moves 2e-3 nat and more, that of a starved policy 2e-4 and less."""
SLOW_KL = 2e-3
"""The least that the healthy development runs move."""


@fact
def policy_motion(approx_kl: Curve, clip_fraction: Curve | Missing, writes_answers: bool) -> PolicyMotion | Missing:
    if writes_answers:
        return Missing(reason="approx_kl is that of one token of an answer, and its usual size is not known")
    if not approx_kl.value.any():
        return Missing(reason="approx_kl is zero throughout: a placeholder", log="log a measured approx_kl per update")
    begins = signals.onset(np.abs(approx_kl.value) < STARVED_KL)
    return PolicyMotion(
        median=abs(signals.median(approx_kl.value[approx_kl.value != 0])),
        last=abs(signals.tail(approx_kl.value)),
        peak=float(approx_kl.value.max()),
        clip_fraction=signals.median(clip_fraction.value) if isinstance(clip_fraction, Curve) else None,
        starved_from=None if begins is None else int(approx_kl.step[begins]),
        curve=approx_kl,
        where=approx_kl.source,
    )


FLOAT_ZERO = -1e-6
"""Lowest entropy that is a zero in single precision; ML-Agents writes -2.4e-7 for one."""


class EntropyLevel(NamedTuple):
    """How much of its first entropy the policy keeps."""

    first: float
    last: float
    kept: float
    """Last level over first, for a policy whose first entropy is positive; for a Gaussian, whose entropy may be
    negative, exp(last - first): the ratio of the volumes it explores."""
    curve: Curve


@fact
def entropy_level(entropy: Curve, action_std: Curve | Missing) -> EntropyLevel | Missing:
    if len(entropy) < 4:
        return Missing(reason="too few points of entropy", log="log the entropy per update")
    first, last = signals.head(entropy.value), signals.tail(entropy.value)
    discrete = isinstance(action_std, Missing) and bool((entropy.value >= FLOAT_ZERO).all()) and first > 0
    kept = max(0.0, last) / first if discrete else float(np.exp(min(50.0, last - first)))
    return EntropyLevel(first, last, kept, entropy)


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


USUAL_BONUS_WEIGHT = 0.01
"""Upper end of the typical range of Unity ML-Agents, Training-Configuration-File.md (03e51f4)."""
UNHEARD_OF = 1000.0
"""Entropy weight over the usual one that no trainer is given: advantages of 1 are then nothing beside the entropy. A
value loss of raw returns whose weight is less than the config says would need many times that."""
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
