"""What ``rundoctor patch`` prints and does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from rundoctor import patching
from rundoctor.model import Patch, Report
from rundoctor.plain import treatment_to_dict
from rundoctor.visible import safe


def text(report: Report, style: str) -> str:
    """Return the diff, byte for byte unless somebody looks at it on a terminal, or the JSON."""
    if style == "json":
        return json.dumps(treatment_to_dict(report), indent=2, allow_nan=False) + "\n"
    if sys.stdout.isatty():
        return "".join(f"{safe(line)}\n" for line in report.patch.diff.splitlines())
    return report.patch.diff


def notes(plan: Patch) -> Iterator[str]:
    """Yield what a reader of the diff should know."""
    if not plan.edits and not plan.needs_code and not plan.refused:
        yield "nothing to change"
    yield from (f"{edit.fix}: {edit.path} = {edit.new} ({edit.why})" for edit in plan.edits)
    yield from (f"{needed.fix} needs code: {needed.what}" for needed in plan.needs_code)
    yield from (f"{refused.fix} is not offered: {refused.reason}" for refused in plan.refused)


def apply(report: Report) -> str:
    """Write the patch into the config and return what was done."""
    config = report.run.config
    if config is None or not report.patch.diff:
        return "nothing was written"
    backup = patching.apply_patch(report.patch, config)
    return f"wrote {config.path}, the old one is {backup}"
