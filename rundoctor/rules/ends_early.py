"""The log ends before the updates that were planned.

What
    The config plans more updates than the log has.

Why
    A training that is still running looks so, and so does one that died: an error is printed where the trainer was
    started and stands in no log. What the last updates did is then worth a look.

Evidence
    The updates of the log beside those of the config.

Stays silent
    Logs that lack one update in twenty or less, as some trainers do not write the last; logs that begin later, as
    those of a resumed run do.

References
    leggedrobotics/legged_gym#16: training stops after a while with an error from the distribution of the actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.model import Finding, Kind, Run, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share: float = 0.95
    """Smallest share of the planned updates that counts as all of them."""


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(run: Run, total_updates: Setting, limits: Limits = Limits()) -> Iterator[Finding]:
    first = min((int(curve.step[0]) for curve in run.curves.values() if len(curve)), default=0)
    if first <= run.updates_a_point and 0 < run.updates_done < limits.share * total_updates.value:
        message = (
            f"the log ends after {run.updates_done} of {total_updates.value} planned updates: is it still running?"
        )
        yield Finding(message=message, where=total_updates.where)
