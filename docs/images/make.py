"""Draw the README's pictures: what ``rundoctor demo`` and ``rundoctor replay`` show, as the program lays it out.

python docs/images/make.py
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.terminal_theme import TerminalTheme
from rich.text import Text

import rundoctor
from rundoctor.commands.demo import write_demo
from rundoctor.commands.diagnose import Request, examine
from rundoctor.model import Report
from rundoctor.reports import Options
from rundoctor.reports.terminal import blocks
from rundoctor.screen import Look
from rundoctor.screen.layout import console

PICTURES = Path(__file__).resolve().parent
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
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        report = sick_run()
        write("diagnose", "rundoctor demo", report)
        report = replace(report, replay=rundoctor.replay(report.run, diagnosis=report.diagnosis))
        write("replay", f"rundoctor replay {DIRECTORY}", report)


def sick_run() -> Report:
    """Write the demo's run to the working directory and return its report."""
    write_demo(DIRECTORY)
    return examine(Request(DIRECTORY))


def write(name: str, command: str, report: Report) -> None:
    """Write one picture beside this file."""
    (PICTURES / f"{name}.svg").write_text(picture(command, report), encoding="utf-8")


def picture(command: str, report: Report) -> str:
    """Return a picture as SVG: a command and what it shows."""
    look = Look(width=WIDTH, color=True)
    page = console(look, StringIO(), record=True)
    page.print(Text.assemble(("$ ", "dim"), f"{command}\n"))
    for block in blocks(report, Options(look=look)):
        page.print(block)
    return page.export_svg(title="rundoctor", theme=DARK, unique_id="rundoctor")


if __name__ == "__main__":
    main()
