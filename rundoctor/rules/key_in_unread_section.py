"""A known key stands in a section that the trainer does not read.

What
    A hyper-parameter in a section nobody reads.

Why
    The trainer asks its own section with a default for an absent key, so the misplaced key is ignored in silence.

Evidence
    The key, its section, and the section that is read.

Stays silent
    Configs of a trainer that is not identified.

References
    rl-durotaxis, notes FIXES_APPLIED_LOSS_EXPLOSION: keys under ppo:, which train.py never reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "key-in-unread-section":
            yield Finding(message=flaw.message, where=flaw.where)
