"""The pages about rules and fixes themselves: the list of all, and the documentation of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor.model import Fix, Kind, Rule
from rundoctor.screen.layout import exact, rows, titled

TITLES = {Kind.CAUSE: "Causes", Kind.SYMPTOM: "Symptoms", Kind.REMARK: "Remarks"}


def rules_page(rules: Sequence[Rule], fixes: Sequence[Fix]) -> Iterator[RenderableType]:
    """Yield every rule by kind, then every fix, one row each."""
    width = max(len(name) for name in ["", *(rule.name for rule in rules), *(fix.name for fix in fixes)])
    for kind, title in TITLES.items():
        found = [(rule.name, rule.severity.value, rule.summary) for rule in rules if rule.kind is kind]
        yield from _list(title, found, width)
    ordered = sorted(fixes, key=lambda fix: fix.order)
    yield from _list("Fixes", [(fix.name, fix.safety.value, fix.summary) for fix in ordered], width)
    yield Text("rundoctor explain NAME tells more of one", "dim")


def explain_page(thing: Rule | Fix, rules: Sequence[Rule], fixes: Sequence[Fix]) -> Iterator[RenderableType]:
    """Yield the documentation of a rule or a fix, with what treats it or what it treats."""
    summary, _, text = thing.doc.partition("\n")
    yield Text.assemble((thing.name, "bold"), (f"  {_weight(thing)}", "dim"), "\n", _prose(summary))
    for heading, body in _sections(text):
        yield ""
        yield titled(heading, *_paragraphs(heading, body))
    for heading, table in _rule_relations(thing, fixes) if isinstance(thing, Rule) else _fix_relations(thing, rules):
        yield ""
        yield titled(heading, table)


def _list(title: str, found: list[tuple[str, str, str]], width: int) -> Iterator[RenderableType]:
    if not found:
        return
    table = rows("fit", "fit", "wrap")
    for name, weight, summary in found:
        table.add_row(Text(name.ljust(width)), Text(weight.ljust(len("same objective")), "dim"), _prose(summary))
    yield titled(title, table)
    yield ""


def _weight(thing: Rule | Fix) -> str:
    return f"{thing.kind.value}, {thing.severity.value}" if isinstance(thing, Rule) else f"fix, {thing.safety.value}"


# ---- a docstring as a page ---------------------------------------------------------------------------------------


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading (a line at the margin) with the lines under it."""
    heading, body = "", list[str]()
    for line in text.splitlines():
        if line and not line[0].isspace():
            if heading:
                yield heading, body
            heading, body = line.strip(), []
        else:
            body.append(line.strip())
    if heading:
        yield heading, body


def _paragraphs(heading: str, body: list[str]) -> Iterator[RenderableType]:
    """Yield the lines refilled: a paragraph ends at an empty line, a reference at its full stop."""
    text = "\n".join(body).strip()
    breaks = r"\n\n+|(?<=\.)\n" if heading == "References" else r"\n\n+|\n(?=[-*] )"
    yield from (_prose(" ".join(paragraph.split())) for paragraph in re.split(breaks, text))


def _prose(text: str) -> Text:
    """Return text with what stands between double backticks set apart."""
    line = Text()
    for index, part in enumerate(text.split("``")):
        line.append(part, "cyan" if index % 2 else "")
    return line


# ---- generated sections ------------------------------------------------------------------------------------------

Sections = Iterator[tuple[str, RenderableType]]


def _rule_relations(thing: Rule, fixes: Sequence[Fix]) -> Sections:
    treating = sorted((fix for fix in fixes if thing.name in fix.treats), key=lambda fix: fix.order)
    if treating:
        yield "Fixes", _table((fix.name, fix.summary) for fix in treating)
    if thing.explains:
        yield "Explains", Text(", ".join(thing.explains))
    if thing.limits is not None:
        limits = thing.limits._asdict().items()
        yield "Limits", Group(*(exact(f"--limit {thing.name}.{name}={value}") for name, value in limits))


def _fix_relations(thing: Fix, rules: Sequence[Rule]) -> Sections:
    treated = [rule for rule in rules if rule.name in thing.treats]
    if treated:
        yield "Treats", _table((rule.name, rule.summary) for rule in treated)
    yield "By hand", _prose(thing.by_hand)


def _table(pairs: Iterator[tuple[str, str]]) -> RenderableType:
    table = rows("fit", "wrap")
    for name, summary in pairs:
        table.add_row(name, _prose(summary))
    return table
