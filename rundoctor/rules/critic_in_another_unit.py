"""The critic learns returns in one unit, and advantages are formed in another.

What
    Values and returns differ by far more than the value loss allows, or each batch's returns are standardised for the
    critic alone.

Why
    GAE adds rewards and values. A critic that was trained on standardised returns says a few units where the return is
    a thousand: advantages are raw returns without a baseline, while the value loss, in its own unit, looks perfect.

Evidence
    Square of the difference of their means over the value loss, which is never above 1 in one unit; the setting, and
    how large the returns are beside standardised ones, or how little the critic explains of them; the error of a fresh
    critic, which is the size of its targets, where the config says that returns are raw.

Stays silent
    A lagging critic; a clamped value loss; values brought back to the unit of the returns before they are logged.
    Standardised returns are a hazard where the critic explains most of them, or the log says neither that it does not
    nor how large they are.

References
    marlbenchmark/on-policy#13: raw returns minus normalised values; the error collapses the performance of PPO.
    luchris429/model-free-opponent-shaping#1: the value function learns the normalised return.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.critic import MOST
from rundoctor.facts.normalization import FreshError, ReturnUnit, ValueGap
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    impossible: float = 10.0
    """Smallest squared difference over the mean squared error: 1 is the largest there can be, the rest is slack."""
    small: float = 0.1
    """Largest size of the mean value over the mean return of a critic in another unit."""
    apart: float = 3.0
    """Smallest size of the returns over the deviation that the targets are brought to: a third is said at most."""
    fresh: float = 0.2
    """Largest error of a fresh critic over the size of the returns, if both are in one unit; ``FreshError``."""


@rule(
    severity=Severity.ERROR,
    explains=("no-learning", "reward-collapse", "critic-stalled", "critic-worse-than-mean", "policy-frozen"),
)
def check(
    normalize_returns_per_batch: Setting | Missing,
    value_gap: ValueGap | Missing,
    return_scale: ReturnScale | Missing,
    return_factor: float,
    return_unit: ReturnUnit | Missing,
    fresh_error: FreshError | Missing,
    explained_variance: Curve | Missing,
    critic_explains_most: bool,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    switched_on = _switched_on(normalize_returns_per_batch)
    proof = [*value_gap.evidence(limits.small, limits.impossible)] if isinstance(value_gap, ValueGap) else []
    raw = isinstance(return_unit, ReturnUnit) and return_unit.configured is False
    if raw and isinstance(fresh_error, FreshError) and not critic_explains_most:
        proof += fresh_error.evidence(limits.fresh)
    if switched_on and not critic_explains_most:
        proof += _unlike(return_scale, return_factor, explained_variance, limits)
    if switched_on or proof:
        yield Finding(
            message="the critic's values are in another unit than the returns that advantages are made of",
            evidence=(*switched_on, *proof),
            binding=bool(proof),
        )
    elif isinstance(value_gap, Missing):
        yield value_gap


def _switched_on(per_batch: Setting | Missing) -> tuple[Evidence, ...]:
    if isinstance(per_batch, Missing) or not per_batch.value:
        return ()
    claim = "returns standardised in each batch, 1 is on"
    return (Evidence(claim=claim, observed=1.0, relation=">", limit=0.0, where=per_batch.where),)


def _unlike(
    scale: ReturnScale | Missing, factor: float, explained: Curve | Missing, limits: Limits
) -> Iterator[Evidence]:
    """What shows that a critic of standardised returns does not know the raw ones."""
    if isinstance(scale, ReturnScale) and scale.last().low > limits.apart * factor:
        claim, ratio = f"size of the returns over the {factor:g} that targets are brought to", scale.last().low / factor
        yield Evidence(claim=claim, observed=ratio, relation=">", limit=limits.apart, where=scale.where)
    if isinstance(explained, Curve) and signals.tail(explained.value) < MOST:
        claim, share, where = "explained variance at the end", signals.tail(explained.value), explained.source
        yield Evidence(claim=claim, observed=share, relation="<", limit=MOST, where=where)
