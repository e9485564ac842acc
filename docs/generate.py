"""Write docs/rules.md from the documentation in the rules' and fixes' own files.

Usage: python docs/generate.py [--check]
With --check nothing is written, and the exit code is 1 when the page is stale.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

from rundoctor.diagnosis import all_rules
from rundoctor.model import Fix, Kind, Rule
from rundoctor.treatment import all_fixes

PAGE = Path(__file__).with_name("rules.md")
CHAPTERS = {Kind.CAUSE: "Causes", Kind.SYMPTOM: "Symptoms", Kind.REMARK: "Remarks"}
PREFACE = """\
# Rules and fixes

Written by `docs/generate.py` from the rules' and fixes' own files; `rundoctor explain NAME` prints the same text.
A **cause** is what went wrong, a **symptom** is what it did to the run, a **remark** is about the config file itself.
"""


def page() -> str:
    """Return the whole page."""
    rules, fixes = all_rules(), all_fixes()
    parts = [PREFACE, *index(rules, fixes)]
    for kind, title in CHAPTERS.items():
        parts += [f"## {title}\n", *(rule_page(rule, fixes) for rule in rules if rule.kind is kind)]
    parts += ["## Fixes\n", *(fix_page(fix) for fix in fixes)]
    return "\n".join(parts)


def index(rules: list[Rule], fixes: list[Fix]) -> list[str]:
    """Return one line a kind: links to its pages."""
    groups = {title: [rule.name for rule in rules if rule.kind is kind] for kind, title in CHAPTERS.items()}
    groups["Fixes"] = [fix.name for fix in fixes]
    return [f"{title}: {', '.join(f'[{name}](#{name})' for name in names)}.\n" for title, names in groups.items()]


def rule_page(rule: Rule, fixes: list[Fix]) -> str:
    """Return a rule's section: its documentation, thresholds, and the fixes that name it."""
    facts = [f"Severity: {rule.severity.value}."]
    if rule.explains:
        facts.append(f"Explains: {links(rule.explains)}.")
    treated_by = [fix.name for fix in fixes if rule.name in fix.treats]
    if treated_by:
        facts.append(f"Fixes: {links(treated_by)}.")
    candidates = [fix.name for fix in fixes if rule.name in fix.offered_for]
    if candidates:
        facts.append(f"Also proposed, to be replayed first: {links(candidates)}.")
    return section(rule.name, rule.doc, " ".join(facts)) + thresholds(rule)


def fix_page(fix: Fix) -> str:
    """Return a fix's section."""
    facts = [f"Safety: {fix.safety.value}."]
    if fix.treats:
        facts.append(f"Treats: {links(fix.treats)}.")
    if fix.offered_for:
        facts.append(f"Proposed for: {links(fix.offered_for)}.")
    return section(fix.name, fix.doc, " ".join(facts)) + f"By hand: {' '.join(fix.by_hand.split())}.\n"


def section(name: str, doc: str, facts: str) -> str:
    """Return a heading, the documentation with its section titles in bold, and the facts."""
    return f"### {name}\n\n{markdown(doc)}\n\n{facts}\n\n"


def markdown(doc: str) -> str:
    """Turn a docstring into Markdown: a line before an indented block is its title, and references become a list."""
    parts = doc.strip().replace("``", "`").split("\n\n")
    return "\n\n".join(block(part) for part in parts)


def block(part: str) -> str:
    """Return a paragraph, or a titled section; sections hold one indented paragraph or a list of references."""
    title, _, body = part.partition("\n")
    if not body.startswith("    "):
        return textwrap.dedent(part)
    text = textwrap.dedent(body)
    if title == "References":
        text = "\n".join(f"  {line.strip()}" if line.startswith(" ") else f"- {line}" for line in text.splitlines())
    return f"**{title}**\n\n{text}"


def thresholds(rule: Rule) -> str:
    """Return the rule's limits, one line each."""
    if rule.limits is None:
        return ""
    fields = rule.limits._asdict()
    return "".join(f"- `--limit {rule.name}.{name}={value:g}`\n" for name, value in fields.items())


def links(names: tuple[str, ...] | list[str]) -> str:
    """Return the names as links within the page."""
    return ", ".join(f"[{name}](#{name})" for name in names)


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 when the page is stale")
    fresh = page()
    if not parser.parse_args().check:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == fresh:
        return 0
    print(f"{PAGE} is stale: run python docs/generate.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
