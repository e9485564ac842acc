"""What a run is worth beside its twin, and which answers are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from corpus.faults import FAULTS
from corpus.plan import Planned
from corpus.tampering import Tampering
from corpus.tasks import TASKS

HARMLESS = 0.8
"""Share of its twin's improvement from which a fault counts as harmless."""
LEARNED = 0.5
"""Share of the usual improvement that a healthy run must reach."""
LATE = 0.2
"""Share of the updates whose episodes are the score."""
CERTAIN = 2.0
"""Smallest improvement over the healthy runs' spread: on a task where luck decides, no run is judged."""
Curve = Sequence[float | None]


class Usual(NamedTuple):
    """The healthy runs of a task under a trainer, in the task's own unit."""

    start: float
    """Median of the first returns: the untrained level."""
    end: float
    """Median of the late ones."""
    spread: float
    """Deviation of the late ones."""

    @property
    def tells(self) -> bool:
        """Whether learning stands out from luck."""
        return self.end - self.start > CERTAIN * self.spread


def usual(healthy: Iterable[Curve]) -> Usual:
    """From the curves of the healthy runs."""
    curves = [curve for curve in healthy if _known(curve)]
    ends = [late(curve) for curve in curves]
    return Usual(float(np.median([_known(curve)[0] for curve in curves])), float(np.median(ends)), float(np.std(ends)))


def label(planned: Planned, curve: Curve, twin: Curve, known: Usual, died: bool) -> dict[str, Any]:
    """``label.json`` of a run; curves are mean true returns by update, None where no episode ended.

    A healthy run that reached less than half of the usual improvement has not learned: neither it nor what was injected
    into it is judged, and neither is any run of a task where luck decides. A run that died did damage.
    """
    task, fault = TASKS[planned.job.task], FAULTS.get(planned.fault)
    learned = known.tells and late(twin) - known.start > LEARNED * (known.end - known.start)
    share = (late(curve, known.start) - known.start) / (late(twin) - known.start)
    group = "harmless" if share >= HARMLESS and not died else "effective"
    injection = planned.injection
    defaults, tampering = (asdict(one) for one in (Tampering(), injection.tampering))
    tampered = {name: value for name, value in tampering.items() if value != defaults[name]}
    return {
        "fault": planned.fault or None,
        "accept": list(fault.accept) if fault else [],
        "class": "unjudged" if not learned else group if fault else "healthy",
        "task": planned.job.task,
        "split": "tuning" if task.tuning else "test",
        "trainer": planned.job.trainer,
        "seed": planned.job.seed,
        "twin": planned.twin or None,
        "injected": injection.settings | injection.hidden | tampered,
        "visible": fault.visible if fault else True,
        "odd": planned.odd,
        "died": died,
        "kept": round(share, 3) if fault and learned else None,
    }


def late(curve: Curve, otherwise: float = 0.0) -> float:
    """Mean of the last fifth of the updates; of the last one with episodes, where none has any there."""
    known = _known(curve[-max(1, round(LATE * len(curve))) :])
    return float(np.mean(known)) if known else next(reversed(_known(curve)), otherwise)


def _known(curve: Curve) -> list[float]:
    return [value for value in curve if value is not None and np.isfinite(value)]
