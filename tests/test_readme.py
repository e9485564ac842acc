"""The README is current: its help text, its commands, its links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rundoctor.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fenced(marker: str) -> str:
    """The fenced block after ``<!-- marker -->``."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, marker
    return found.group(1)


def test_the_help_text_is_the_programs() -> None:
    shown = CliRunner().invoke(main, ["--help"], prog_name="rundoctor", terminal_width=100).output
    assert fenced("help") == f"$ rundoctor --help\n{shown}"


@pytest.mark.parametrize("marker", ["command: see", "command: test"])
def test_a_command_sets_everything_up_itself(marker: str) -> None:
    command = fenced(marker)
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert "-c constraints.txt" in command


def test_every_command_it_shows_exists() -> None:
    shown = set(re.findall(r"^(?:\$ )?rundoctor ([a-z]+)\b", README, re.MULTILINE))
    assert shown - {"fixtures"} <= set(main.commands)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)[^):]*\)", README))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
