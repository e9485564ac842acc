"""Text laid out by rich. Nothing here reads markup: every word goes in as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rundoctor.screen import Look

INDENT = 3
PLAIN_CHARACTERS = str.maketrans("▁▂▃▄▅▆▇█✓▲✗·↑→−…", "_.-=+*#@+!x-^>-~")
"""What stands for a character where the output's encoding lacks it."""


def lay_out(blocks: Iterable[RenderableType], look: Look) -> str:
    """Return the renderables as text, without trailing spaces."""
    page = StringIO()
    writer = console(look, page)
    for block in blocks:
        writer.print(block, crop=False)
    text = re.sub(r"[ \t]+$", "", page.getvalue(), flags=re.MULTILINE)
    return text if look.unicode else text.translate(PLAIN_CHARACTERS)


def console(look: Look, file: StringIO, record: bool = False) -> Console:
    """Return a console that interprets nothing and asks the environment nothing."""
    return Console(
        file=file,
        width=look.width,
        color_system="standard" if look.color else None,
        no_color=not look.color,
        force_terminal=look.color,
        force_interactive=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        record=record,
        _environ={},
    )


def rows(*columns: str) -> Table:
    """Return a table without lines; a column is ``fit`` (never wrapped), ``right`` (the same, numbers) or ``wrap``."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(no_wrap=column != "wrap", justify="right" if column == "right" else "left", overflow="fold")
    return table


def titled(title: str, *blocks: RenderableType) -> Group:
    """Return the blocks, moved to the right, under a title."""
    return Group(Text(title, style="bold"), *(indented(block) for block in blocks))


def indented(block: RenderableType, columns: int = INDENT) -> Padding:
    """Return the block moved to the right."""
    return Padding(block, (0, 0, 0, columns))


def exact(line: str, style: str = "") -> Text:
    """Return a line that is never wrapped or cut: a command, a path, a line of a diff."""
    return Text(line, style=style, no_wrap=True, overflow="ignore")
