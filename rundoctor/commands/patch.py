"""What ``rundoctor patch`` prints and does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rundoctor import patching
from rundoctor.commands import diagnose as command
from rundoctor.fixes import all_fixes
from rundoctor.model import Report, Verdict
from rundoctor.plain import treatment_to_dict
from rundoctor.safe_text import safe
from rundoctor.screen.treatment import values
from rundoctor.wording import listing


def plan(asked: Mapping[str, Any], replay: bool) -> Report:
    """Read and judge the run, and plan its treatment; by a replay where that is asked for."""
    if not replay:
        return command.examine(command.Request(**asked))
    from rundoctor.commands import replay as trying

    return trying.prescribed(*trying.requests(asked))


def text(report: Report, style: str) -> str:
    """Return the diff, byte for byte unless somebody looks at it on a terminal, or the JSON."""
    if style == "json":
        return json.dumps(treatment_to_dict(report), indent=2, allow_nan=False) + "\n"
    if sys.stdout.isatty():
        return "".join(f"{safe(line)}\n" for line in report.patch.diff.splitlines())
    return report.patch.diff


def notes(report: Report, named: Sequence[str] = ()) -> Iterator[str]:
    """Yield what a reader of the diff should know; ``named`` are the fixes that were asked for."""
    plan = report.patch
    if report.replay is not None:
        from rundoctor.screen.replay import sentence

        yield f"tried in training on {report.replay.mode.value} tasks: {sentence(report.replay)}"
    judged = report.diagnosis.verdict is not Verdict.UNDETERMINED
    if judged and not plan.edits and not plan.needs_code and not plan.refused:
        yield _why_nothing(report, named)
    for edit in plan.edits:
        old, new = values(edit, report.run.config)
        yield f"{edit.fix}: {edit.path}: {old} -> {new} ({edit.why})"
    yield from dict.fromkeys(edit.how for edit in plan.edits if edit.how)
    yield from (f"{needed.fix} needs code: {needed.what}" for needed in plan.needs_code)
    yield from (f"{refused.fix} is not offered: {refused.reason}" for refused in plan.refused)


def _why_nothing(report: Report, named: Sequence[str]) -> str:
    if named:
        return f"nothing to change: the config has what {listing(named)} would write"
    treated = {rule for fix in all_fixes() for rule in fix.treats}
    untreated = [cause.rule for cause in report.diagnosis.causes if cause.rule not in treated]
    if untreated:
        return f"no fix in the config treats {listing(untreated, 'or')}"
    harmless = [found.rule for found in report.diagnosis.hazards]
    if harmless:
        fixes = [fix.name for fix in all_fixes() if set(fix.treats) & set(harmless)]
        anyway = f"; patch it all the same with --fix {listing(fixes, 'or')}" if fixes else ""
        return f"nothing to change: this log shows no damage from {listing(harmless)}{anyway}"
    if report.diagnosis.verdict is Verdict.SICK_CAUSE_UNKNOWN:
        return "nothing to change: no cause was found that a fix could treat"
    return "nothing to change"


def apply(report: Report) -> str:
    """Write the patch into the config and return what was done."""
    config = report.run.config
    if config is None or not report.patch.diff:
        return "nothing was written"
    backup = patching.apply_patch(report.patch, config)
    return f"wrote {config.path}, the old one is {backup}"
