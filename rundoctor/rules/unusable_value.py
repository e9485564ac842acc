"""A hyper-parameter has a value that is no number.

What
    A value of the wrong type, NaN or infinity where a number belongs.

Why
    What the trainer makes of it cannot be known from outside, so the setting is left out of the diagnosis.

Evidence
    The value and its line.

Stays silent
    Values that convert cleanly.

References
    PyYAML 6.0.3, resolver.py: .nan and .inf are floats.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "unusable-value":
            yield Finding(message=flaw.message, where=flaw.where)
