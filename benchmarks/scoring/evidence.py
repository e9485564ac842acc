"""What a run in one format can show at all: a fault that its files cannot hold is reported in a row of its own."""

from __future__ import annotations

import math

from scoring.labelled import Labelled

SHOWN_BY: dict[str, tuple[str, ...]] = {
    "component-dominates": ("files",),
    "component-dead": ("files",),
    "component-sign-wrong": ("files",),
    "component-weights-drift": ("files",),
    "component-weights-equalized": ("files",),
}
"""Fault to the formats that can show it; every format shows the others. Stable-Baselines3 logs no components."""


def can_show(run: Labelled, updates: int | None = None) -> bool:
    """Whether the format carries the fault's evidence, and so many updates reach its start."""
    started = updates is None or run.change_at is None or start(run) < updates
    return started and run.format in SHOWN_BY.get(run.fault, (run.format,))


def start(run: Labelled) -> int:
    """Number of the first update with the fault, counted from 0."""
    return math.ceil((run.change_at or 0.0) * run.updates)
