"""The estimated KL is negative throughout, which no KL is.

What
    A KL that is estimated from samples stays clearly below zero.

Why
    The mean of log p - log q over samples of p is a KL, and only over samples of p: a single batch may be negative, a
    level may not. Where it is, the actions did not come from the policy whose probabilities were stored: another
    temperature or top-k, clipped or masked actions, dropout, a copy of the weights that is out of date. The ratio is
    then wrong from the first minibatch on.

Evidence
    Median of the KL over the run and over its end.

Stays silent
    Negative single updates; small negative levels.

References
    huggingface/trl#235: wrong generation settings make it negative, which mostly comes before a failed training.
    hiyouga/LlamaFactory#664: a KL of -5.27 in PPO.
    huggingface/trl#925: an estimate may be slightly negative, but should not stay there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.model import Curve, Evidence, Finding, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    below: float = -0.1
    """Highest level, in nats, that is no noise of an estimate; TRL warns from -1 on."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse"))
def check(
    approx_kl: Curve | Missing, kl_to_reference: Curve | Missing, limits: Limits = Limits()
) -> Iterator[Finding | Missing]:
    logged = [curve for curve in (approx_kl, kl_to_reference) if isinstance(curve, Curve)]
    if not logged:
        yield Missing(reason="no KL is logged", log="log approx_kl per update")
    for curve in logged:
        level = max(signals.median(curve.value), signals.tail(curve.value))
        if level < limits.below:
            claim = f"{curve.name} (nat), the higher one of its medians over the run and over its end"
            yield Finding(
                message=f"{curve.name} stays at {level:.3g}: the samples are not the policy's",
                evidence=(Evidence(claim=claim, observed=level, relation="<", limit=limits.below, where=curve.source),),
                binding=True,
            )
