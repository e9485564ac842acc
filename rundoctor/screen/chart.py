"""The run at a glance: its size, and its loss and reward above each other with the onset marked."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from rundoctor.facts import FactBook
from rundoctor.model import Curve, Diagnosis, Report, Run
from rundoctor.screen import sparkline
from rundoctor.screen.layout import exact, indented, rows
from rundoctor.visible import safe
from rundoctor.wording import count, number, size_of

WIDEST = 48
LOSSES = ("loss", "value_loss", "policy_loss")


def chart(report: Report, width: int) -> RenderableType:
    """Return the run's name, size and headline curves."""
    table = rows("fit", "wrap")
    table.add_row(Text("run", "dim"), Text.assemble(safe(report.run.path), (f"  {size_of(report.run)}", "dim")))
    curves = headline_curves(report.run)
    if curves:
        axis = sparkline.Axis.over(list(curves.values()), width=min(WIDEST, width // 2))
        onset = first_onset(report.diagnosis)
        for label, curve in curves.items():
            table.add_row(Text(label, "dim"), _line(curve, axis, onset))
        if onset is not None:
            begin = "the first update" if onset <= axis.first else f"update {onset}"
            table.add_row("", exact(" " * axis.column(onset) + f"↑ from {begin} on", "red"))
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
    if len(curve):
        line.append(f"  {number(curve.value[0])} → {number(curve.value[-1])}", "default")
    if sparkline.is_wide(curve):
        line.append("  log axis", "dim")
    if len(curve.broken):
        line.append(f"  ! not finite at {count(len(curve.broken), 'update')}", "red")
    return line
