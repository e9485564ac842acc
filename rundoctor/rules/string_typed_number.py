"""A number in the config is text to the parser.

What
    A value such as 1e-4, which PyYAML reads as a string.

Why
    PyYAML wants a dot in a float with an exponent. A trainer that does not convert it compares or multiplies text,
    or stops with a type error.

Evidence
    The value as it stands and as it should be written.

Stays silent
    Quoted text and words.

References
    PyYAML 6.0.3, resolver.py: the pattern of a float wants a dot, and a sign in its exponent.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "string-typed-number":
            yield Finding(message=flaw.message, where=flaw.where)
