"""A docstring as a page: paragraphs are refilled, headings stand over what is indented below them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from rundoctor.fixes import all_fixes
from rundoctor.screen import Look
from rundoctor.screen.layout import lay_out
from rundoctor.screen.pages import explain_page, rules_page

DOC = """Do it.

The first sentence of a paragraph
goes on: in this line. And
ends here.

A second paragraph
of two lines.

What
    It is
    this.

    And that:
    - one
    - two

References
    First, with a second
    line.
    Second.

An end."""


def page(doc: str) -> list[str]:
    thing = replace(all_fixes()[0], doc=doc, treats=(), by_hand="one line")
    return lay_out(explain_page(thing, [], []), Look(width=90)).splitlines()


def test_paragraphs_and_headings():
    assert page(DOC)[1:-2] == [
        "Do it.",
        "",
        "The first sentence of a paragraph goes on: in this line. And ends here.",
        "",
        "A second paragraph of two lines.",
        "",
        "What",
        "   It is this.",
        "   And that:",
        "   - one",
        "   - two",
        "",
        "References",
        "   First, with a second line.",
        "   Second.",
        "",
        "An end.",
        "",
    ]


def test_a_summary_alone_has_no_body():
    assert page("Do it.")[1:3] == ["Do it.", ""]


@pytest.mark.parametrize("fix", all_fixes(), ids=lambda fix: fix.name)
def test_no_page_of_a_fix_breaks_within_a_sentence(fix):
    lines = lay_out(explain_page(fix, [], []), Look(width=100)).splitlines()
    body = lines[: lines.index("By hand")]
    ends = [line for line, following in itertools.pairwise(body) if line and not following]
    assert all(line.endswith((".", ":", ")")) for line in ends), ends


def test_fixes_are_listed_by_what_they_change():
    text = lay_out(rules_page([], all_fixes()), Look(width=100))
    assert "objective as it is" in text
    assert "same objective" not in text
    assert all(fix.name in text for fix in all_fixes())
