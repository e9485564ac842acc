"""A doctor for PPO training runs: reads what a run left behind, names the cause, and patches the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from os import PathLike

    from rundoctor.model import Diagnosis, Patch, Run

__version__ = "0.1.0"
__all__ = ["__version__", "diagnose", "patch", "read_run"]


def read_run(path: str | PathLike[str], **options: Any) -> Run:
    """Read a run directory, or one of its files; see ``rundoctor.reading``."""
    from rundoctor import reading

    return reading.read_run(path, **options)


def diagnose(run: Run, **options: Any) -> Diagnosis:
    """Judge a run; see ``rundoctor.diagnosis`` for the options and for how causes are ranked."""
    from rundoctor import diagnosis

    return diagnosis.diagnose(run, **options)


def patch(run: Run, fixes: tuple[str, ...] = (), *, diagnosis: Diagnosis | None = None) -> Patch:
    """Return the config edits of the named fixes, or of those that treat the diagnosis; see ``rundoctor.treatment``."""
    from rundoctor import treatment

    return treatment.patch(run, diagnosis or diagnose(run), fixes=fixes)
