"""How late in the run the critic came to what it explains in the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.critic import BLIND, STALLED, CriticError, CriticTracking
from rundoctor.model import Curve, Evidence, Missing

LATE = 0.3
"""Share of the run from which it is late. Where a task is found out late, healthy critics come as late, but their error
falls or they explain nearly all in the end; none that is later misses both (tuning tasks of benchmarks/corpus)."""
FALLEN = 0.5
"""Last over first error of a critic that has caught up."""
FOLLOWS = 1 - STALLED**2
"""Explained variance of a critic that errs by half of the returns' deviation."""


class CriticDelay(NamedTuple):
    """The part of the run in which the critic explained less than half of what it explains in the end."""

    share: float
    explained: float
    """Explained variance in the end."""
    error_kept: float
    """Last over first error, the shrinking of the targets taken out where they are known."""
    where: str

    def late(self, limit: float) -> tuple[Evidence, ...]:
        """The share as evidence, where it is large and the critic explains little to the end."""
        claim = f"share of the run before the critic explained half of the {self.explained:.2g} it ends at"
        proof = Evidence(claim=claim, observed=self.share, relation=">", limit=limit, where=self.where)
        return (proof,) if self.share > limit and self.explained < FOLLOWS else ()

    def held_back(self, limit: float) -> tuple[Evidence, ...]:
        """The same of a critic that errs as much as ever."""
        return self.late(limit) if self.error_kept > FALLEN else ()


@fact
def critic_delay(
    explained_variance: Curve | Missing, critic_error: CriticError, critic_tracking: CriticTracking | Missing
) -> CriticDelay:
    """A critic that keeps up explains its returns early; advantages before are of no baseline, whatever comes later.

    No delay where the critic explains nothing in the end, or the log does not say.
    """
    values = signals.smooth(explained_variance.value) if isinstance(explained_variance, Curve) else np.zeros(1)
    last = signals.tail(values)
    first, end = critic_error.first().low, critic_error.last().low
    kept = end / first if first > 0 else 1.0
    return CriticDelay(
        share=int(np.flatnonzero(values >= last / 2)[0]) / len(values) if last >= BLIND else 0.0,
        explained=last,
        error_kept=critic_tracking.error_kept if isinstance(critic_tracking, CriticTracking) else kept,
        where=critic_error.where if isinstance(explained_variance, Missing) else explained_variance.source,
    )
