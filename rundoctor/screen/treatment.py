"""What to do about it: each fix with its change, what needs code, what is not offered and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor.model import Patch, PatchEdit
from rundoctor.screen.layout import exact, rows, titled
from rundoctor.visible import safe
from rundoctor.wording import count

LONGEST_DIFF = 12


def treatment(patch: Patch) -> Iterator[RenderableType]:
    """Yield the fix, if the config can express one, and what it cannot express."""
    if patch.edits:
        yield titled("Fix", *_edits(patch.edits), _small_diff(patch.diff))
    others = [("by hand", needed.fix, needed.what) for needed in patch.needs_code]
    others += [("not offered", refused.fix, refused.reason) for refused in patch.refused]
    if others:
        table = rows("fit", "fit", "wrap")
        for label, fix, text in others:
            table.add_row(Text(label, "dim"), Text(safe(fix)), Text(safe(text)))
        yield titled("Other fixes", table)


def _edits(edits: tuple[PatchEdit, ...]) -> Iterator[RenderableType]:
    for fix in dict.fromkeys(edit.fix for edit in edits):
        mine = [edit for edit in edits if edit.fix == fix]
        reasons = dict.fromkeys(safe(edit.why) for edit in mine)
        yield Group(Text.assemble((fix, "bold"), (f"  {safe(mine[0].safety)}", "dim")), *map(Text, reasons))


def _small_diff(diff: str) -> RenderableType:
    """Return the changed lines alone."""
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and not line.startswith(("+++ ", "--- "))]
    shown = [exact(safe(line.expandtabs()), "green" if line.startswith("+") else "red") for line in lines]
    if len(lines) > LONGEST_DIFF:
        shown = [*shown[:LONGEST_DIFF], Text(f"… and {count(len(lines) - LONGEST_DIFF, 'line')} more", "dim")]
    return Group(*shown)
