"""What to do about it: each fix with its change, what needs code, what is not offered and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor.model import Config, PatchEdit, Report
from rundoctor.safe_text import safe
from rundoctor.screen.layout import indented, rows, titled
from rundoctor.splicing import written_as
from rundoctor.wording import SAFETY_WORDS, count
from rundoctor.yaml_text import write

MOST_CHANGES = 12
ABSENT = "not set"


def treatment(report: Report) -> Iterator[RenderableType]:
    """Yield the fix, if the config can express one, and what it cannot express."""
    patch = report.patch
    if patch.edits:
        yield titled("Fix", *_edits(patch.edits, report.run.config))
    others = [("by hand", needed.fix, needed.what) for needed in patch.needs_code]
    others += [("not offered", refused.fix, refused.reason) for refused in patch.refused]
    if others:
        table = rows("fit", "fit", "wrap")
        for label, fix, text in others:
            table.add_row(Text(label, "dim"), Text(safe(fix)), Text(safe(text)))
        yield titled("Other fixes", table)


def values(edit: PatchEdit, config: Config | None) -> tuple[str, str]:
    """Return the old and the new value of an edit, whole and as the file writes them."""
    entries = {".".join(entry.path): entry for entry in config.entries} if config is not None else {}
    entry = entries.get(edit.path)
    if entry is None:
        return ABSENT if edit.old is None else safe(write(edit.old)), safe(write(edit.new))
    return safe(entry.raw) or "null", safe(write(written_as(entry, edit.new)))


def _edits(edits: tuple[PatchEdit, ...], config: Config | None) -> Iterator[RenderableType]:
    for fix in dict.fromkeys(edit.fix for edit in edits):
        mine = [edit for edit in edits if edit.fix == fix]
        reasons = dict.fromkeys(safe(edit.why) for edit in mine)
        title = Text.assemble((fix, "bold"), (f"  {SAFETY_WORDS.get(mine[0].safety, safe(mine[0].safety))}", "dim"))
        yield Group(title, *map(Text, reasons), *(indented(line) for line in _changes(mine, config)))


def _changes(edits: list[PatchEdit], config: Config | None) -> Iterator[Text]:
    for edit in edits[:MOST_CHANGES]:
        old, new = values(edit, config)
        yield Text.assemble(f"{safe(edit.path)}: ", (old, "red"), " -> ", (new, "green"))
    if len(edits) > MOST_CHANGES:
        yield Text(f"… and {count(len(edits) - MOST_CHANGES, 'value')} more", "dim")
    yield from (Text(safe(how), "dim") for how in dict.fromkeys(edit.how for edit in edits) if how)
