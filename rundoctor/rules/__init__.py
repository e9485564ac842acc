"""Rules: one file a fault. A rule asks for facts by parameter name and yields findings.

A fact that is missing makes the rule *skipped, because*, unless its parameter is annotated ``... | Missing``. The
parameter ``limits`` carries the thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rundoctor.asking import default_of, needs_of
from rundoctor.model import ConfigFlaw, Finding, Kind, Missing, Rule, Severity

Check = Callable[..., Iterator[Finding]] | Callable[..., Iterator[Finding | Missing]]
"""Yields what it found; a ``Missing`` where it turns out that it cannot judge; nothing when the run is clear of it."""


def rule(*, severity: Severity, kind: Kind = Kind.CAUSE, explains: tuple[str, ...] = ()) -> Callable[[Check], Rule]:
    """Make the module's check a ``Rule``, named after the module and documented by it."""

    def make(check: Check) -> Rule:
        return Rule(
            name=check.__module__.rsplit(".", 1)[-1].replace("_", "-"),
            kind=kind,
            severity=severity,
            doc=(check.__globals__["__doc__"] or "").strip(),
            explains=explains,
            needs=needs_of(check),
            limits=default_of(check, "limits"),
            check=check,
        )

    return make


def config_remark(module: str, doc: str | None) -> Rule:
    """Return the rule of a module that passes on the config's flaws of its own name."""
    name = module.rsplit(".", 1)[-1].replace("_", "-")

    def check(config_flaws: tuple[ConfigFlaw, ...]) -> Iterator[Finding]:
        for flaw in config_flaws:
            if flaw.kind == name:
                yield Finding(message=flaw.message, where=flaw.where)

    return Rule(
        name=name,
        kind=Kind.REMARK,
        severity=Severity.REMARK,
        doc=(doc or "").strip(),
        explains=(),
        needs=needs_of(check),
        limits=None,
        check=check,
    )
