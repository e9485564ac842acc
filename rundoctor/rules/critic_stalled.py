"""The critic is no better than saying zero.

What
    Its error at the end of the run has the size of the returns it has to predict, and it explains none of their
    variance.

Why
    Advantages then are returns without a baseline, and with a critic of zero GAE looks only 1 / (1 - gamma lambda)
    steps ahead, 17 at the usual values, instead of 1 / (1 - gamma).

Evidence
    Error over the size of the returns with a critic of zero, about 1 in any unit of reward; explained variance.

Stays silent
    Errors that fall; explained variance above 0.1; returns of about constant size, where nothing is to explain and the
    error is small.

References
    DLR-RM/stable-baselines3#2240: explained variance 6e-8 throughout, value loss 738k.
    openai/baselines#454: negative at times on Atari; single updates mean nothing.
    Schulman et al. 2016, arXiv:1506.02438: the generalised advantage estimator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import STALLED, CriticTracking
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    relative_error: float = STALLED
    """Smallest error over the size of the returns; tracking critics end below 0.3, noise included. Where the error is
    known between bounds, the largest must reach it and the smallest half of it."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(critic_tracking: CriticTracking, return_unit: ReturnUnit, limits: Limits = Limits()) -> Iterator[Finding]:
    if not critic_tracking.stalls(limits.relative_error) or return_unit.raw is not True:
        return
    error, explained = critic_tracking.relative_error, critic_tracking.explained_variance
    yield Finding(
        message=f"the critic still errs by {error} of the returns it predicts"
        + (f", explained variance {explained:.2g}" if explained is not None else ""),
        evidence=(
            Evidence(
                claim=f"critic error over the size of the returns ({error}); a critic of zero has 1",
                observed=error.high,
                relation=">=",
                limit=limits.relative_error,
                where=critic_tracking.where,
            ),
        ),
        onset=critic_tracking.onset,
    )
