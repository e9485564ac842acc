"""A key stands twice in one mapping.

What
    The same key twice in one mapping of the config.

Why
    PyYAML keeps the last one without a word, other parsers refuse the file, and whoever edits the first changes
    nothing.

Evidence
    Both lines.

Stays silent
    Keys that repeat in different mappings: an action bound called gamma is not the discount.

References
    PyYAML 6.0.3, constructor.py: a mapping is filled key by key, so the last one stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "duplicate-key":
            yield Finding(message=flaw.message, where=flaw.where)
