"""A doctor for PPO training runs: reads what a run left behind, names the cause, and patches the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from os import PathLike

    from rundoctor.model import Diagnosis, Patch, Run
    from rundoctor.model.replay import Replay

__version__ = "0.1.0"
__all__ = ["__version__", "diagnose", "patch", "read_run", "replay"]


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


def replay(run: Run, fixes: tuple[str, ...] = (), *, diagnosis: Diagnosis | None = None, **size: Any) -> Replay:
    """Try the named fixes, or all that apply, and say which help; ``size`` is that of ``rundoctor.replaying.request``.

    Several processes are started; a script that calls this needs ``if __name__ == "__main__":``, or ``jobs=1``.
    """
    from rundoctor.replaying import engine
    from rundoctor.replaying.request import Request

    return engine.replay(run, diagnosis or diagnose(run), Request(fixes=tuple(fixes), **size))
