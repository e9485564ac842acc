"""One run from its files to its report, and what the report means to a shell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import rundoctor
from rundoctor import diagnosis, reading, treatment, wording
from rundoctor.errors import NothingToJudge, PatchRefused, UnknownName
from rundoctor.fixes import all_fixes
from rundoctor.model import Fix, Report, Rule, Severity, Verdict

Thing = TypeVar("Thing")

FOUND = 1
FAILS_ON = {
    "error": frozenset({Severity.ERROR}),
    "warning": frozenset({Severity.ERROR, Severity.WARNING}),
    "never": frozenset[Severity](),
}


@dataclass(frozen=True)
class Request:
    """What to read and how to judge it."""

    path: str
    config: str | None = None
    source: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    fixes: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column by canonical metric, where the user says what the columns of a table mean."""


def examine(request: Request) -> Report:
    """Read the run, judge it and plan its treatment."""
    check_names(request)
    run = reading.read_run(request.path, config=request.config, source=request.source, columns=request.columns)
    judged = diagnosis.diagnose(run, select=request.select, ignore=request.ignore, limits=request.limits)
    plan = treatment.patch(run, judged, fixes=request.fixes)
    return Report(run=run, diagnosis=judged, patch=plan, version=rundoctor.__version__)


def exit_code(report: Report, fail_on: str) -> int:
    """Return 1 for a cause or an unexplained symptom that counts, else 0; raise when nothing could be judged."""
    judged = report.diagnosis
    if judged.verdict is Verdict.UNDETERMINED:
        lost = wording.unusable(report.run)
        wish = wording.not_read_yet(report.run) or (f"nothing was read of {lost}" if lost else "")
        on_the_reward = (skip.enable for skip in judged.skipped if skip.rule in diagnosis.ON_THE_REWARD)
        wish = wish or next(on_the_reward, "") or wording.to_judge_more(report)
        raise NothingToJudge(f"nothing could be judged in {report.run.path}", wish or "log loss and reward per update")
    blamed = (*judged.causes, *(symptom for symptom in judged.symptoms if not symptom.explained_by))
    return FOUND if any(found.severity in FAILS_ON[fail_on] for found in blamed) else 0


def check_treatment(report: Report, fixes: tuple[str, ...]) -> None:
    """Raise when a fix that the user named cannot be written into the config."""
    exit_code(report, "never")
    plan = report.patch
    reasons = {needed.fix: f"it needs code: {needed.what}" for needed in plan.needs_code}
    reasons |= {refused.fix: refused.reason for refused in plan.refused}
    for name in fixes:
        if name in reasons:
            raise PatchRefused(
                f"{name} cannot be written into the config: {reasons[name]}", f"rundoctor explain {name}"
            )


# ---- names a user typed ------------------------------------------------------------------------------------------


def check_names(request: Request) -> None:
    """Raise ``UnknownName`` for a rule, a limit or a fix that does not exist."""
    rules = {rule.name: rule for rule in diagnosis.all_rules()}
    for name in (*request.select, *request.ignore):
        known("rule", name, rules)
    for name in request.limits:
        rule, _, limit = name.partition(".")
        limits = {field: field for field in getattr(known("rule", rule, rules).limits, "_fields", ())}
        known(f"limit of {rule}", limit, limits)
    for name in request.fixes:
        known("fix", name, {fix.name: fix for fix in all_fixes()})


def page_of(name: str) -> Rule | Fix:
    """Return the rule or the fix of that name."""
    things: dict[str, Rule | Fix] = {rule.name: rule for rule in diagnosis.all_rules()}
    things.update({fix.name: fix for fix in all_fixes()})
    return known("rule or fix", name, things)


def known(what: str, name: str, things: Mapping[str, Thing]) -> Thing:
    """Return the thing of that name, or raise with the nearest name as the hint."""
    if name not in things:
        raise UnknownName(f"no {what} is called {name!r}", suggestion(name, things) or "rundoctor rules lists them")
    return things[name]


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return "did you mean X?", or an empty string when nothing is near."""
    import difflib

    near = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {near[0]}?" if near else ""
