"""How large the critic's targets are, in the user's reward unit: what a surrogate's rewards are scaled to."""

from __future__ import annotations

import math

import numpy as np

from rundoctor.facts import FactBook
from rundoctor.facts.critic import CriticError
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Interval


def return_size(book: FactBook, notes: list[str]) -> float:
    """Root mean square of the targets of a critic of zero, at the start; what had to be assumed is added to ``notes``.

    From rewards and episode lengths. Where those change their sign or are not logged, from the first error of a critic
    that still says zero; where that is hidden as well, from what the steps paid over the whole run.
    """
    scale, error = book.get("return_scale"), book.get("critic_error")
    logged = scale if isinstance(scale, ReturnScale) and not scale.is_maximum else None
    size, note = 0.0, ""
    if logged is not None and not logged.changes_sign:
        size = logged.first().low
    elif isinstance(error, CriticError):
        size = _middle(error.first())
        note = f"returns are about {size:.3g} at the start: the critic's first error, as if it said zero"
    elif logged is not None:
        size = float(np.sqrt(np.square(logged.low).mean()))
        note = f"returns are about {size:.3g}, as over the whole run: rewards of both signs hide the start"
    if not (math.isfinite(size) and size > 0):
        size, note = 1.0, "returns are about 1: neither rewards with episode lengths nor a loss are logged"
    if note:
        notes.append(note)
    return float(size)


def _middle(interval: Interval) -> float:
    return math.sqrt(max(interval.low, 0.0) * max(interval.high, 0.0))
