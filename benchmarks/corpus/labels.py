"""What a run is worth beside its twin, and which answers are right."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from corpus.faults import FAULTS
from corpus.plan import Planned
from corpus.tasks import TASKS

HARMLESS = 0.8
"""Share of its twin's improvement from which a fault counts as harmless."""
LEARNED = 0.5
"""Share of the usual improvement that a healthy run must reach."""
LATE = 0.2
"""Share of the updates whose episodes are the score."""
Curve = list[float | None]


def label(planned: Planned, curve: Curve, twin: Curve, usual: float) -> dict[str, Any]:
    """``label.json`` of a run; curves are mean true returns by update, None where no episode ended.

    ``usual`` is the median improvement of the healthy runs of its task and trainer: a healthy run that reached less than
    half of it has not learned, and neither it nor what was injected into it is judged.
    """
    task, fault = TASKS[planned.job.task], FAULTS.get(planned.fault)
    known = {
        "fault": planned.fault or None,
        "accept": list(fault.accept) if fault else [],
        "task": planned.job.task,
        "split": "tuning" if task.tuning else "test",
        "trainer": planned.job.trainer,
        "seed": planned.job.seed,
        "odd": planned.odd,
        "curve": [None if value is None else float(f"{value:.5g}") for value in curve],
    }
    learned = improvement(twin) > LEARNED * usual
    if fault is None:
        group = "healthy" if learned else "unjudged"
        return known | {"class": group, "injected": {}, "visible": True, "kept": None, "twin": None}
    share = kept(curve, twin) if learned else 1.0
    group = "harmless" if share >= HARMLESS else "effective"
    injected = planned.injection.settings | planned.injection.hidden
    defaults = asdict(type(planned.injection.tampering)())
    tampered = {name: value for name, value in asdict(planned.injection.tampering).items() if value != defaults[name]}
    return known | {
        "class": group if learned else "unjudged",
        "injected": injected | tampered,
        "visible": fault.visible,
        "kept": round(share, 3) if learned else None,
        "twin": planned.twin,
    }


def kept(curve: Curve, twin: Curve) -> float:
    """Share of the twin's improvement, from the untrained level, that a run reached; a run that died kept what it had."""
    return (late(curve) - _start(twin)) / improvement(twin)


def improvement(curve: Curve) -> float:
    """Late level less the untrained one."""
    return late(curve) - _start(curve)


def _start(curve: Curve) -> float:
    return next(value for value in curve if value is not None)


def late(curve: Curve) -> float:
    """Mean of the last fifth of the updates; of the last one with episodes, where none has any there."""
    known = [value for value in curve[-max(1, round(LATE * len(curve))) :] if value is not None]
    return float(np.mean(known)) if known else next(value for value in reversed(curve) if value is not None)
