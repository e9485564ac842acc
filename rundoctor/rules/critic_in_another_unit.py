"""The critic learns returns in one unit, and advantages are formed in another.

What
    Values and returns differ by far more than the value loss allows, or each batch's returns are standardised for the
    critic alone.

Why
    GAE adds rewards and values. A critic that was trained on standardised returns says a few units where the return is
    a thousand: advantages are raw returns without a baseline, while the value loss, in its own unit, looks perfect.

Evidence
    Square of the difference of their means over the value loss, which is never above 1 in one unit: a mean square is
    at least the square of the mean; the setting, and how large the returns are beside what standardised ones can be.

Stays silent
    A lagging critic, whose loss is as large as its distance; a clamped value loss; values brought back to the unit of
    the returns before they are logged. Standardised returns are a hazard where the critic explains most of them.

References
    marlbenchmark/on-policy#13: raw returns minus normalised values; the error collapses the performance of PPO.
    luchris429/model-free-opponent-shaping#1: the value function learns the normalised return.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.critic import CriticError
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    impossible: float = 10.0
    """Smallest squared difference over the mean squared error: 1 is the largest there can be, the rest is slack for
    values that were taken before the update and losses within it."""
    small: float = 0.1
    """Largest size of the mean value over the mean return of a critic in another unit."""
    apart: float = 3.0
    """Smallest size of the returns over the standard deviation that theirs is brought to: a critic that learns such
    targets says a third of them at most."""


@rule(
    severity=Severity.ERROR,
    explains=("no-learning", "reward-collapse", "critic-stalled", "critic-worse-than-mean", "policy-frozen"),
)
def check(
    normalize_returns_per_batch: Setting | Missing,
    value_mean: Curve | Missing,
    return_mean: Curve | Missing,
    error_of_loss: CriticError | Missing,
    return_scale: ReturnScale | Missing,
    return_factor: float,
    critic_explains_most: bool,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    standardised = normalize_returns_per_batch
    proof = [*_unit(value_mean, return_mean, error_of_loss, limits)]
    if isinstance(standardised, Setting) and standardised.value:
        where = standardised.where
        claim = "returns standardised in each batch, 1 is on"
        proof.append(Evidence(claim=claim, observed=1.0, relation=">", limit=0.0, where=where))
        proof += () if critic_explains_most else _apart(return_scale, return_factor, limits)
    elif isinstance(value_mean, Missing) or isinstance(return_mean, Missing):
        yield Missing(reason="value_mean and return_mean are not logged", log="log value_mean and return_mean")
    if proof:
        yield Finding(
            message="the critic's values are in another unit than the returns that advantages are made of",
            evidence=tuple(proof),
            binding=any(one.limit in (limits.impossible, limits.apart) for one in proof),
        )


def _apart(scale: ReturnScale | Missing, factor: float, limits: Limits) -> Iterator[Evidence]:
    if isinstance(scale, ReturnScale) and scale.last().low > limits.apart * factor:
        claim = f"size of the returns over the {factor:g} that the critic's targets are brought to"
        ratio = scale.last().low / factor
        yield Evidence(claim=claim, observed=ratio, relation=">", limit=limits.apart, where=scale.where)


def _unit(
    value: Curve | Missing, target: Curve | Missing, error: CriticError | Missing, limits: Limits
) -> Iterator[Evidence]:
    if isinstance(value, Missing) or isinstance(target, Missing) or isinstance(error, Missing):
        return
    said, due = signals.tail(value.value), signals.tail(target.value)
    apart = (due - said) / max(error.last().high, 1e-150)
    ratio = apart * apart
    if abs(said) < limits.small * abs(due) and ratio > limits.impossible:
        claim = f"squared difference of mean return {due:.3g} and mean value {said:.3g} over the squared error"
        yield Evidence(claim=claim, observed=ratio, relation=">", limit=limits.impossible, where=value.source)
