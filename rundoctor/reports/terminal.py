"""The report for a tired engineer: the verdict first, then why, then what to type next."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor import wording
from rundoctor.model import Diagnosed, Report, Verdict
from rundoctor.next_commands import next_commands
from rundoctor.reports import Format, Options
from rundoctor.screen.chart import chart
from rundoctor.screen.details import details
from rundoctor.screen.findings import finding, heading, remarks
from rundoctor.screen.layout import INDENT, exact, indented, lay_out, rows, titled
from rundoctor.screen.treatment import treatment

VERDICT_LOOKS = {
    Verdict.HEALTHY: ("✓", "bold green"),
    Verdict.HAZARD: ("▲", "bold yellow"),
    Verdict.SICK: ("✗", "bold red"),
    Verdict.SICK_CAUSE_UNKNOWN: ("✗", "bold red"),
    Verdict.UNDETERMINED: ("?", "bold magenta"),
}

UNPROVEN_LOOK = ("·", "bold cyan")


def render(report: Report, options: Options) -> str:
    """Return the report laid out for a terminal."""
    return lay_out(blocks(report, options), options.look)


def blocks(report: Report, options: Options) -> Iterator[RenderableType]:
    """Yield the parts of the report, separated by empty lines."""
    yield _verdict(report)
    for block in _short(report) if options.quiet else _body(report, options):
        yield ""
        yield block


def _verdict(report: Report) -> Text:
    diagnosis = report.diagnosis
    if report.replay is not None:
        from rundoctor.screen.replay import sentence

        return Text(sentence(report.replay), "bold")
    symbol, style = UNPROVEN_LOOK if wording.is_unproven(diagnosis) else VERDICT_LOOKS[diagnosis.verdict]
    line = Text.assemble((f"{symbol} {wording.verdict(diagnosis)}", style))
    return line.append(f"  {wording.sentence(report)}")


def _short(report: Report) -> Iterator[RenderableType]:
    if report.diagnosis.causes:
        yield Group(*(heading(found) for found in report.diagnosis.causes))


def _body(report: Report, options: Options) -> Iterator[RenderableType]:
    if report.replay is not None:
        yield from _replay(report, options)
        return
    diagnosis = report.diagnosis
    yield chart(report, options.look.width)
    lost = wording.unusable(report.run)
    if lost:
        yield indented(Text(f"nothing was read of {lost}", "yellow"))
    for found in diagnosis.causes:
        yield finding(found, report)
    yield from _others(report, options)
    yield from treatment(report)
    if options.verbose:
        yield from details(report.run, diagnosis)
    else:
        yield Text(f"{wording.coverage(report)}; -v lists them", "dim")
    yield from _next(report, options.look.width)


def _replay(report: Report, options: Options) -> Iterator[RenderableType]:
    """Yield the replay alone: ``diagnose`` has the rest."""
    from rundoctor.screen.replay import replay

    if report.replay is not None:
        yield from replay(report.replay, options.verbose)
    yield from _next(report, options.look.width)


def _others(report: Report, options: Options) -> Iterator[RenderableType]:
    """Yield symptoms that no cause explains, hazards and remarks."""
    diagnosis = report.diagnosis
    unexplained = [found for found in diagnosis.symptoms if options.verbose or not found.explained_by]
    sections: dict[str, list[Diagnosed]] = {
        "Symptoms" if options.verbose else "Symptoms without a cause": unexplained,
        "Hazards: misconfigured, no damage in this log": list(diagnosis.hazards),
    }
    for title, found in sections.items():
        if found:
            yield titled(title, *(finding(item, report) for item in found))
    if diagnosis.remarks:
        yield titled("Remarks", remarks(diagnosis.remarks))


def _next(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the commands to type; what they do stands beside them where that fits, else under them."""
    commands = next_commands(report)
    if not commands:
        return
    longest, purpose = (max(len(pair[place]) for pair in commands) for place in (0, 1))
    if INDENT + longest + 2 + purpose <= width:
        table = rows("fit", "wrap")
        for command, text in commands:
            table.add_row(exact(command, "bold"), Text(text, "dim"))
        yield titled("Next", table)
    else:
        # a padded line is cut at the width, and half a path is no command
        pairs = (
            (exact(" " * INDENT + command, "bold"), indented(Text(text, "dim"), 2 * INDENT))
            for command, text in commands
        )
        yield Group(Text("Next", style="bold"), *(line for pair in pairs for line in pair))


FORMAT = Format("the report on a screen, in colour where the terminal has it", render)
