"""The rules and fixes there are, as text."""

from __future__ import annotations

import json

from rundoctor import diagnosis
from rundoctor.commands.diagnose import page_of
from rundoctor.fixes import all_fixes
from rundoctor.plain import catalogue_to_dict
from rundoctor.screen import Look


def listing(style: str, look: Look) -> str:
    """Return the list of all rules and fixes."""
    rules, fixes = diagnosis.all_rules(), all_fixes()
    if style == "json":
        return json.dumps(catalogue_to_dict(rules, fixes), indent=2, allow_nan=False) + "\n"
    from rundoctor.screen import layout, pages

    return layout.lay_out(pages.rules_page(rules, fixes), look)


def page(name: str, look: Look) -> str:
    """Return the documentation of one rule or fix."""
    from rundoctor.screen import layout, pages

    thing = page_of(name)
    return layout.lay_out(pages.explain_page(thing, diagnosis.all_rules(), all_fixes()), look)
