"""The critic is no better than saying zero.

What
    Its error at the end of the run has the size of the returns it has to predict, and it explains none of their
    variance.

Why
    Advantages then are returns without a baseline, and with a critic of zero GAE looks only 1 / (1 - gamma lambda)
    steps ahead, 17 at the usual values, instead of 1 / (1 - gamma).

Evidence
    The mean value against the mean return, where both are logged: an error on average is no noise. Else error over the
    size of the returns with a critic of zero, about 1 in any unit of reward; explained variance.

Stays silent
    The first updates; errors that fall faster than the returns shrink; means that agree; explained variance above 0.1
    without a large bias; returns of about constant size, where nothing is to explain and the error is small.

References
    DLR-RM/stable-baselines3#2240: explained variance 6e-8 throughout, value loss 738k.
    openai/baselines#454: negative at times on Atari; single updates mean nothing.
    Schulman et al. 2016, arXiv:1506.02438: the generalised advantage estimator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import OFF_ON_AVERAGE, STALLED, CriticTracking
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.model import Evidence, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    relative_error: float = STALLED
    """Smallest error over the size of the returns; tracking critics end below 0.3, noise included. Where the error is
    known between bounds, the largest must reach it and the smallest half of it."""
    points: int = 7
    """Fewest updates whose error is known: after five or six a healthy critic may say about zero still. The first eight
    rows of Stable-Baselines3 hold seven."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(
    critic_tracking: CriticTracking, return_unit: ReturnUnit, limits: Limits = Limits()
) -> Iterator[Finding | Missing]:
    if critic_tracking.points < limits.points:
        yield Missing(
            reason=f"{critic_tracking.points} updates with a loss are too few",
            log=f"keep the log of {limits.points} updates",
        )
        return
    in_one_unit = return_unit.raw is True or critic_tracking.bias is not None
    if not critic_tracking.stalls(limits.relative_error) or not in_one_unit:
        return
    error, explained = critic_tracking.relative_error, critic_tracking.explained_variance
    yield Finding(
        message=f"the critic still errs by {error} times the size of the returns it predicts"
        + (f", explained variance {explained:.2g}" if explained is not None else ""),
        evidence=(_evidence(critic_tracking, limits),),
        onset=critic_tracking.onset,
    )


def _evidence(tracking: CriticTracking, limits: Limits) -> Evidence:
    if tracking.bias is not None:
        claim, observed = "mean value off the mean return, over the size of the returns", tracking.bias.share
        limit = min(limits.relative_error, OFF_ON_AVERAGE)
    else:
        claim = f"critic error over the size of the returns ({tracking.relative_error}); a critic of zero has 1"
        observed, limit = tracking.relative_error.high, limits.relative_error
    return Evidence(claim=claim, observed=observed, relation=">=", limit=limit, where=tracking.where)
