"""A hyper-parameter in the config occurs nowhere in the trainer's source.

What
    A key that the source given with ``--source`` never names.

Why
    The value in force is a literal in the code. Editing the key changes nothing, and neither does reading it.

Evidence
    The key and its line.

Stays silent
    Keys whose name occurs anywhere in the source; runs without ``--source``.

References
    rl-durotaxis, config.yaml at a31114b: value_loss_coeff and max_grad_norm, which no training code reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import ConfigFlaw, Finding, Kind, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(config_flaws: tuple[ConfigFlaw, ...], trainer_source: str) -> Iterator[Finding]:
    for flaw in config_flaws:
        if flaw.kind == "dead-key":
            yield Finding(message=flaw.message, where=flaw.where)
