"""Draw ``docs/images/diagnose.svg``: what ``rundoctor demo`` shows, as the program itself lays it out.

python docs/images/make.py
"""

from __future__ import annotations

import os
import tempfile
from io import StringIO
from pathlib import Path

from rich.terminal_theme import TerminalTheme
from rich.text import Text

from rundoctor.commands.demo import write_demo
from rundoctor.commands.diagnose import Request, examine
from rundoctor.reports import Options
from rundoctor.reports.terminal import blocks
from rundoctor.screen import Look
from rundoctor.screen.layout import console

PICTURE = Path(__file__).resolve().with_name("diagnose.svg")
DIRECTORY = "rundoctor-demo"
WIDTH = 100
DARK = TerminalTheme(
    (22, 24, 29),
    (222, 225, 230),
    [
        (60, 64, 72),
        (255, 107, 107),
        (126, 211, 133),
        (240, 192, 96),
        (108, 170, 255),
        (200, 140, 255),
        (94, 206, 214),
        (222, 225, 230),
    ],
)


def main() -> None:
    """Write the picture."""
    look = Look(width=WIDTH, color=True)
    page = console(look, StringIO(), record=True)
    page.print(Text.assemble(("$ ", "dim"), "rundoctor demo\n"))
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        write_demo(DIRECTORY)
        for block in blocks(examine(Request(DIRECTORY)), Options(look=look)):
            page.print(block)
    PICTURE.write_text(page.export_svg(title="rundoctor", theme=DARK, unique_id="rundoctor"), encoding="utf-8")


if __name__ == "__main__":
    main()
