"""The weight of an adaptive KL penalty runs away.

What
    The KL coefficient ends a thousand times above where it began, and at its highest.

Why
    It is multiplied by 1.5 after each update whose KL is above twice the target. A target that updates cannot meet, or
    steps that the penalty does not reach, send it up without bound; the penalty then is all there is in the loss.

Evidence
    Last over first coefficient.

Stays silent
    Coefficients that find their level, however high; those that shrink.

References
    ray-project/ray#18492: kl_coeff x 1.5 at every update, in the end infinity, and the total loss with it.
    Schulman et al. 2017, arXiv:1707.06347, section 4: the adaptive penalty, doubled and halved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.model import Curve, Evidence, Finding, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    growth: float = 1000.0
    """Smallest growth of the coefficient: 17 updates in a row that raise it by 1.5."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "loss-explosion"))
def check(kl_coef: Curve, limits: Limits = Limits()) -> Iterator[Finding]:
    first, last = float(kl_coef.value[0]), float(kl_coef.value[-1])
    if not first > 0 or not last > limits.growth * first or last < kl_coef.value.max():
        return
    proof = Evidence(
        claim="last over first KL coefficient",
        observed=last / first,
        relation=">",
        limit=limits.growth,
        where=kl_coef.source,
    )
    yield Finding(
        message=f"the KL coefficient grows from {first:.3g} to {last:.3g}: no update meets its target",
        evidence=(proof,),
        binding=True,
        about="kl_target",
    )
