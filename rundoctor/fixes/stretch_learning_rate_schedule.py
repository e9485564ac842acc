"""Stretch the learning-rate schedule over the whole run.

A schedule is code or a setting of its own in each trainer, so this is done by hand.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    treats=("learning-rate-decays-early",),
    safety=Safety.BY_HAND,
    order=1,
    by_hand="let the schedule end with the run: give it the number of updates, or steps, that the run has",
)
def propose() -> Proposal:
    return Proposal()
