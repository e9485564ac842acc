"""The README is current: its help text, its commands, its links."""

from __future__ import annotations

import html
import importlib.util
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


def shown_in(picture: str) -> list[str]:
    """The texts of an SVG, without what depends on the version of rich that drew it."""
    return [html.unescape(text).strip() for text in re.findall(r"<text [^>]*>(.*?)</text>", picture)]


def test_the_picture_is_what_the_program_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs/images/make.py")
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    monkeypatch.chdir(tmp_path)
    drawn = make.picture("rundoctor demo", make.sick_run())
    committed = (ROOT / "docs/images/diagnose.svg").read_text(encoding="utf-8")
    assert shown_in(committed) == shown_in(drawn), "run python docs/images/make.py"
