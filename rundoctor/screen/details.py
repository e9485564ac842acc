"""What ``-v`` adds: which rules could not be judged and why, which are clear, and how the files were read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from rundoctor.model import Diagnosis, Run
from rundoctor.safe_text import safe
from rundoctor.screen.layout import rows, titled
from rundoctor.wording import wish


def details(run: Run, diagnosis: Diagnosis) -> Iterator[RenderableType]:
    """Yield everything that a short report leaves out."""
    if diagnosis.skipped:
        yield titled("Not judged", _skipped(run, diagnosis))
    if diagnosis.clear:
        yield titled("Clear", Text(", ".join(diagnosis.clear)))
    if run.inputs:
        yield titled("Read", _inputs(run))
    if run.settings:
        yield titled("Settings", _settings(run))


def _skipped(run: Run, diagnosis: Diagnosis) -> RenderableType:
    table = rows("fit", "wrap", "wrap")
    for skip in diagnosis.skipped:
        table.add_row(skip.rule, Text(safe(skip.reason)), Text(wish(skip, run), "dim"))
    return table


def _inputs(run: Run) -> RenderableType:
    table = rows("fit", "fit", "wrap")
    for read in run.inputs:
        amount = f"{read.read:,} read" + (f", {read.skipped} skipped" if read.skipped else "")
        table.add_row(safe(read.file), amount, Text("\n".join(map(safe, read.notes))))
    return table


def _settings(run: Run) -> RenderableType:
    table = rows("fit", "wrap", "wrap")
    for name in sorted(run.settings):
        setting = run.settings[name]
        place = f"{setting.where} (default)" if setting.implied else setting.where
        table.add_row(name, Text(safe(setting.value)), Text(safe(place), "dim"))
    return table
