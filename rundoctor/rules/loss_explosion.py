"""The loss grows far beyond what growing returns explain.

What
    The last level of the loss is several times the first, after the growth of the squared returns is divided out.

Why
    A squared error has the unit of a return squared: when returns grow tenfold the loss grows a hundredfold in perfect
    health. What is left after that is an error that grows, a divergence.

Evidence
    Growth of the loss over growth of the squared returns; explained variance where it is logged.

Stays silent
    Losses that grow no more than the squared returns; a critic that explains its returns.

References
    Unity-Technologies/ml-agents#5440: the loss is expected to rise as the value of the reward increases.
    Unity ML-Agents, Using-Tensorboard.md (08f160d): it should increase while the agent learns, then decrease.
    Stanford-ILIAD/PantheonRL#5: value loss rises with the reward, and that is no issue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.critic import CriticTracking
from rundoctor.facts.growth import LossGrowth
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.model import Curve, Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    growth: float = 4.0
    """Smallest last over first level, growth of squared returns divided out: 12 of 66 healthy public runs grow
    fivefold before that division (docs/limits.md)."""
    explained: float = 0.5
    """Explained variance above which the critic follows, however large its loss."""
    negligible: float = 0.05
    """Error over the size of the returns below which its growth is that of a nearly perfect critic."""


@rule(severity=Severity.ERROR, kind=Kind.SYMPTOM)
def check(
    loss_growth: LossGrowth,
    explained_variance: Curve | Missing,
    critic_tracking: CriticTracking | Missing,
    return_unit: ReturnUnit | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    follows = isinstance(explained_variance, Curve) and signals.tail(explained_variance.value) > limits.explained
    raw = isinstance(return_unit, ReturnUnit) and return_unit.raw is True
    solved = isinstance(critic_tracking, CriticTracking) and critic_tracking.relative_error.high < limits.negligible
    if (raw and solved) or follows or not loss_growth.unexplained > limits.growth:
        return
    first, last = signals.head(loss_growth.curve.value), signals.tail(loss_growth.curve.value)
    yield Finding(
        message=f"{loss_growth.name} grows {first:.4g} -> {last:.4g}, {loss_growth.unexplained:.3g} times more than "
        "the returns explain",
        evidence=(
            Evidence(
                claim=f"growth of {loss_growth.name}, growth of the squared returns taken out",
                observed=loss_growth.unexplained,
                relation=">",
                limit=limits.growth,
                where=loss_growth.curve.source,
            ),
        ),
        onset=loss_growth.onset,
    )
