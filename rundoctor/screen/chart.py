"""The run at a glance: its size, and its loss and reward above each other with the onset marked."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from rundoctor.facts import FactBook
from rundoctor.model import Curve, Diagnosis, Report, Run
from rundoctor.safe_text import safe
from rundoctor.screen import sparkline
from rundoctor.screen.layout import INDENT, exact, indented, rows
from rundoctor.wording import begin, count, number, size_of

NARROWEST, WIDEST = 6, 48
LOSSES = ("loss", "value_loss", "policy_loss")


def chart(report: Report, width: int) -> RenderableType:
    """Return the run's name, size and headline curves."""
    table = rows("fit", "wrap")
    curves = headline_curves(report.run)
    path, size = safe(report.run.path), size_of(report.run)
    room = width - INDENT - max(map(len, ["run", *curves])) - 2
    beside = len(path) + 2 + len(size) <= room
    table.add_row(Text("run", "dim"), Text.assemble(path, "  " if beside else "\n", (size, "dim")))
    if curves:
        longest = max(len(_ends(curve)) for curve in curves.values())
        bars = max(NARROWEST, min(WIDEST, room - longest))
        axis = sparkline.Axis.over(list(curves.values()), width=bars)
        onset = first_onset(report.diagnosis)
        for label, curve in curves.items():
            table.add_row(Text(label, "dim"), _line(curve, axis, onset))
        if onset is not None:
            table.add_row("", exact(" " * axis.column(onset) + f"↑ {begin(onset, report.run)}", "red"))
    return indented(table)


def headline_curves(run: Run) -> dict[str, Curve]:
    """Return the loss and the reward, by label, where they are logged."""
    loss = next((run.curves[name] for name in LOSSES if name in run.curves), None)
    reward = getattr(FactBook(run).get("reward"), "curve", None)
    found = {"" if loss is None else loss.name.replace("_", " "): loss, "reward": reward}
    return {label: curve for label, curve in found.items() if curve is not None and len(curve) + len(curve.broken)}


def first_onset(diagnosis: Diagnosis) -> int | None:
    """Return the update at which the first cause begins, or else the first symptom."""
    found = (*diagnosis.causes[:1], *diagnosis.symptoms)
    return next((item.onset for item in found if item.onset is not None), None)


def _line(curve: Curve, axis: sparkline.Axis, onset: int | None) -> Text:
    bars = sparkline.draw(curve, axis)
    line = Text.assemble((bars, "cyan"), no_wrap=True, overflow="ignore")
    if onset is not None and onset > axis.first:
        line.stylize("red", axis.column(onset), len(bars))
    return line.append_text(_ends(curve))


def _ends(curve: Curve) -> Text:
    """Return what stands to the right of the bars: the first and the last value, and how to read the bars."""
    text = Text()
    if len(curve):
        text.append(f"  {number(curve.value[0])} → {number(curve.value[-1])}", "default")
    if sparkline.is_wide(curve):
        text.append("  log axis", "dim")
    if len(curve.broken):
        text.append(f"  ! not finite at {count(len(curve.broken), 'update')}", "red")
    return text
