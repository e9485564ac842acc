"""Markdown for issue trackers and ``$GITHUB_STEP_SUMMARY``. A run's text cannot add markup, links or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rundoctor import wording
from rundoctor.model import Diagnosed, Evidence, Report
from rundoctor.reports import Format, Options
from rundoctor.safe_text import safe
from rundoctor.screen.treatment import ABSENT, values

SPECIAL = re.compile(r"""[\\`*_\[\]#|~]|:(?=//)|^[-+=]|(?<=^\d)[.)](?=\s)""")
HTML = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("@"): "@<!-- -->"}
"""The comment keeps ``@name`` from notifying anybody."""
Lines = Iterator[str]


def render(report: Report, options: Options) -> str:
    """Return the report as GitHub-flavoured Markdown."""
    return "\n".join(_short(report) if options.quiet else _body(report, options)) + "\n"


def words(text: object) -> str:
    """Return text that renders as exactly these characters, in a table cell too."""
    return SPECIAL.sub(r"\\\g<0>", safe(text).strip()).translate(HTML)


def code(text: object) -> str:
    """Return a code span that no backtick in the text can leave."""
    string = safe(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", string)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{string}{space}{fence}"


def _short(report: Report) -> Lines:
    yield f"## {wording.verdict(report.diagnosis)}: {words(wording.sentence(report))}"
    yield ""
    yield from (f"{found.rank}. {_name(found)}" for found in report.diagnosis.causes)
    yield from _replay(report, quiet=True)


def _body(report: Report, options: Options) -> Lines:
    diagnosis = report.diagnosis
    yield f"## {wording.verdict(diagnosis)}: {words(wording.sentence(report))}"
    yield f"\n{code(report.run.path)} ({words(wording.size_of(report.run))})"
    lost = wording.unusable(report.run)
    if lost:
        yield f"\nNothing was read of {words(lost)}"
    for found in diagnosis.causes:
        yield from _finding(found, report)
    unexplained = [found for found in diagnosis.symptoms if options.verbose or not found.explained_by]
    yield from _section("Symptoms" if options.verbose else "Symptoms without a cause", unexplained, report)
    yield from _section("Hazards", diagnosis.hazards, report)
    if diagnosis.remarks:
        yield "\n### Remarks\n"
        yield from (f"- {code(found.rule)} {_where(found.where)} {words(found.message)}" for found in diagnosis.remarks)
    yield from _patch(report)
    yield from _replay(report, quiet=False)
    yield from _coverage(report, options.verbose)


def _section(title: str, found: Sequence[Diagnosed], report: Report) -> Lines:
    if found:
        yield f"\n### {title}"
    for item in found:
        yield from _finding(item, report)


def _name(found: Diagnosed) -> str:
    sure = "" if found.confidence is None else f", {found.confidence:.0%} sure"
    return f"{code(found.rule)} ({found.severity.value}{sure})"


def _finding(found: Diagnosed, report: Report) -> Lines:
    rank = "" if found.rank is None else f"{found.rank}. "
    yield f"\n#### {rank}{_name(found)}\n\n{words(found.message)}\n"
    if found.evidence:
        yield "| claim | number | where |\n| --- | ---: | --- |"
        yield from (_row(evidence) for evidence in found.evidence)
        yield ""
    yield from (f"- {label}: {words(text)}" for label, text in wording.relations(found, report))


def _row(evidence: Evidence) -> str:
    place = _where(evidence.where).replace("|", "\\|")
    return f"| {words(evidence.claim)} | {words(wording.measured(evidence))} | {place} |"


def _where(place: str) -> str:
    return code(place) if place else ""


def _patch(report: Report) -> Lines:
    patch = report.patch
    if patch.edits:
        yield "\n### Fix\n"
        for edit in patch.edits:
            old, new = values(edit, report.run.config)
            safety = wording.SAFETY_WORDS.get(edit.safety, edit.safety)
            yield f"- {code(edit.fix)} ({words(safety)}): {words(edit.why)}"
            yield f"  - {code(edit.path)}: {words(old) if old == ABSENT else code(old)} -&gt; {code(new)}"
            yield from [f"  - {words(edit.how)}"] if edit.how else []
        yield f"\n{_fenced(patch.diff)}"
    if patch.needs_code or patch.refused:
        yield "\n### Other fixes\n"
        yield from (f"- {code(needed.fix)}, by hand: {words(needed.what)}" for needed in patch.needs_code)
        yield from (f"- {code(refused.fix)}, not offered: {words(refused.reason)}" for refused in patch.refused)


def _replay(report: Report, *, quiet: bool) -> Lines:
    """Yield what a replay found; quiet: its sentence alone, as on a terminal."""
    found = report.replay
    if found is None:
        return
    from rundoctor.screen.replay import sentence

    yield f"\n### Replay\n\n{words(sentence(found))}"
    if quiet:
        return
    yield ""
    yield from (f"- {words(task.name)}: {words(task.why)}" for task in found.tasks)
    if found.trials:
        yield "\n| arm | verdict | score | difference | |\n| --- | --- | ---: | ---: | --- |"
    for trial in found.trials:
        score = "" if trial.score is None else f"{trial.score.iqm:.2f}"
        apart = trial.difference
        difference = "" if apart is None else f"{apart.mean:+.2f} [{apart.low:+.2f}, {apart.high:+.2f}]"
        yield f"| {code(trial.fix)} | {trial.verdict.value} | {score} | {words(difference)} | {words(trial.note)} |"
    yield ""
    yield from (f"- not tried: {code(left.fix)}: {words(left.reason)}" for left in found.not_run)
    yield from (f"- assumed: {words(text)}" for text in found.assumptions)
    yield from (f"- {words(text)}" for text in found.warnings)


def _fenced(diff: str) -> str:
    """Return the diff in a fence longer than any in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", diff)), default=0))
    lines = "\n".join(safe(line.expandtabs()) for line in diff.splitlines())
    return f"{fence}diff\n{lines}\n{fence}"


def _coverage(report: Report, verbose: bool) -> Lines:
    diagnosis = report.diagnosis
    yield f"\n{words(wording.coverage(report))}"
    if verbose and diagnosis.skipped:
        yield "\n| not judged | because | to enable |\n| --- | --- | --- |"
        for skip in diagnosis.skipped:
            yield f"| {code(skip.rule)} | {words(skip.reason)} | {words(wording.wish(skip, report.run))} |"
    if verbose and diagnosis.clear:
        yield "\nClear: " + ", ".join(code(name) for name in diagnosis.clear)


FORMAT = Format("Markdown for issues and $GITHUB_STEP_SUMMARY", render)
