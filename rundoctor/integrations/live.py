"""Diagnoses a run while it trains, from the files that its recorder writes.

It says what ``rundoctor diagnose`` would say of the directory at that update: the same reading, the same rules. A cause
is told once, when it first stands, through ``logging.getLogger("rundoctor")``. In a loop of one's own::

    live = LiveDiagnosis(recorder.directory, stop_on="error")
    ...
    if live.after(recorder.updates):
        break

A diagnosis reads the whole log, so one at each update would cost the square of a run's length. From update
2 x ``SPARING`` on the next is due when the run has grown by a share of 1 / ``SPARING``: all diagnoses of a run of any
length together cost about ``SPARING`` times the last one, and none is later than that share. The schedule counts
updates, not seconds, so that a run which is stopped stops at the same update again.
"""

from __future__ import annotations

import logging
import os

from rundoctor.diagnosis import diagnose
from rundoctor.errors import RundoctorError
from rundoctor.model import Diagnosed, Severity
from rundoctor.reading import read_run
from rundoctor.safe_text import safe

SPARING = 64
"""Diagnoses while a long run grows to e times its length."""
CONFIRMED = 3
"""Diagnoses in a row in which a cause stands before it ends a training: a level over few updates may be noise."""
STOPS_ON: dict[str, frozenset[Severity]] = {"never": frozenset(), "error": frozenset({Severity.ERROR})}

LOG = logging.getLogger("rundoctor")


class LiveDiagnosis:
    """Tells of each cause once; never raises, whatever the files hold."""

    def __init__(self, directory: str | os.PathLike[str], stop_on: str = "never") -> None:
        """Watch a run directory; ``stop_on`` is the severity of a cause that is a reason to stop.

        Raises:
            ValueError: ``stop_on`` is neither ``never`` nor ``error``.
        """
        if stop_on not in STOPS_ON:
            raise ValueError(f"stop_on must be one of {', '.join(STOPS_ON)}, got {stop_on!r}")
        self._directory, self._stops = os.fspath(directory), STOPS_ON[stop_on]
        self._seen, self._due = 0, 1
        self._told: set[str] = set()
        self._standing: dict[str, int] = {}
        """Diagnoses in a row, up to the last, in which each cause stood."""

    def after(self, updates: int, *, at_the_end: bool = False) -> str:
        """Diagnose after this many updates, where one is due; return why to stop, or nothing.

        ``at_the_end``: due whatever the schedule says, unless these updates have been looked at.
        """
        if updates <= self._seen or (updates < self._due and not at_the_end):
            return ""
        self._seen, self._due = updates, updates + max(1, updates // SPARING)
        try:
            causes = diagnose(read_run(self._directory)).causes
        except RundoctorError as error:
            LOG.debug("%s: %s", self._directory, error)
            return ""
        except Exception as error:  # a training is worth more than its diagnosis
            self._tell(type(error).__name__, f"no diagnosis: {type(error).__name__}: {error}")
            return ""
        return self._weigh(causes, updates)

    def _weigh(self, causes: tuple[Diagnosed, ...], updates: int) -> str:
        for cause in causes:
            self._tell(cause.rule, f"update {updates}: {cause.rule} ({cause.severity.value}): {cause.message}")
        grave = [cause for cause in causes if cause.severity in self._stops]
        self._standing = {cause.rule: self._standing.get(cause.rule, 0) + 1 for cause in grave}
        for cause in grave:
            if self._standing[cause.rule] >= CONFIRMED:
                reason = safe(f"stopped after update {updates}: {cause.rule}: {cause.message}")
                LOG.error("%s: %s", self._directory, reason)
                self._standing.clear()
                return reason
        return ""

    def _tell(self, name: str, text: str) -> None:
        if name not in self._told:
            self._told.add(name)
            LOG.warning("%s: %s", self._directory, safe(text))
