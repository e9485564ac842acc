"""A finding: its name and weight, what it says, the numbers, and how it hangs together with the others."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor import wording
from rundoctor.model import Diagnosed, Evidence, Report, Severity
from rundoctor.safe_text import safe
from rundoctor.screen.layout import indented, rows

SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.REMARK: "cyan"}


def heading(found: Diagnosed) -> Text:
    """Return rank, name, severity and confidence on one line."""
    line = Text("-" if found.rank is None else str(found.rank)).append(f"  {found.rule}", "bold")
    line.append(f"  {found.severity.value}", SEVERITY_STYLES[found.severity])
    if found.confidence is not None:
        line.append(f"  {found.confidence:.0%} sure")
    return line


def finding(found: Diagnosed, report: Report) -> RenderableType:
    """Return the finding with its evidence and its relations."""
    parts: list[RenderableType] = [heading(found), indented(Text(safe(found.message)))]
    if found.evidence:
        parts.append(indented(_evidence(found.evidence)))
    relations = list(wording.relations(found, report))
    if relations:
        table = rows("fit", "wrap")
        for label, text in relations:
            table.add_row(Text(label, "dim"), Text(safe(text)))
        parts.append(indented(table))
    return Group(*parts)


def remarks(found: Sequence[Diagnosed]) -> RenderableType:
    """Return one row a remark."""
    table = rows("fit", "wrap")
    for remark in found:
        place = f"{safe(remark.where)}  " if remark.where else ""
        table.add_row(remark.rule, Text.assemble((place, "dim"), safe(remark.message)))
    return table


def _evidence(evidence: Sequence[Evidence]) -> RenderableType:
    table = rows("fit", "wrap", "right", "wrap")
    for item in evidence:
        table.add_row("·", Text(safe(item.claim)), Text(wording.measured(item), "bold"), Text(safe(item.where), "dim"))
    return table
