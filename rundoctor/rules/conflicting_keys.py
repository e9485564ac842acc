"""Two keys for one thing disagree.

What
    Two spellings of one hyper-parameter with different values.

Why
    Only one of them is read. The other tells whoever reads the config something that is not so.

Evidence
    Both keys with their values and lines.

Stays silent
    Keys that agree.

References
    rl-durotaxis, config.yaml: update_epochs and ppo_epochs.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "conflicting-keys":
            yield Finding(message=flaw.message, where=flaw.where)
