"""The pages about rules and fixes themselves: the list of all, and the documentation of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor.model import Fix, Kind, Rule, Safety
from rundoctor.screen.layout import exact, rows, titled
from rundoctor.wording import SAFETY_WORDS

TITLES = {Kind.CAUSE: "Causes", Kind.SYMPTOM: "Symptoms", Kind.REMARK: "Remarks"}
FIX_TITLES = {
    Safety.SAME_OBJECTIVE: "Fixes that leave the objective as it is",
    Safety.NEW_OBJECTIVE: "Fixes that change what is optimised",
    Safety.BY_HAND: "Fixes by hand",
}


def rules_page(rules: Sequence[Rule], fixes: Sequence[Fix]) -> Iterator[RenderableType]:
    """Yield every rule by kind, then every fix, one row each."""
    width = max(len(name) for name in ["", *(rule.name for rule in rules), *(fix.name for fix in fixes)])
    for kind, title in TITLES.items():
        found = [(rule.name, rule.severity.value, rule.summary) for rule in rules if rule.kind is kind]
        yield from _list(title, found, width)
    for safety, title in FIX_TITLES.items():
        ordered = sorted((fix for fix in fixes if fix.safety is safety), key=lambda fix: fix.order)
        yield from _list(title, [(fix.name, "", fix.summary) for fix in ordered], width)
    yield Text("rundoctor explain NAME tells more of one", "dim")


def explain_page(thing: Rule | Fix, rules: Sequence[Rule], fixes: Sequence[Fix]) -> Iterator[RenderableType]:
    """Yield the documentation of a rule or a fix, with what treats it or what it treats."""
    summary, _, text = thing.doc.partition("\n")
    yield Text.assemble((thing.name, "bold"), (f"  {_weight(thing)}", "dim"), "\n", _prose(summary))
    for heading, body in _sections(text):
        yield ""
        yield titled(heading, *_lines(heading, body)) if heading else Group(*_lines(heading, body))
    for heading, table in _rule_relations(thing, fixes) if isinstance(thing, Rule) else _fix_relations(thing, rules):
        yield ""
        yield titled(heading, table)


def _list(title: str, found: list[tuple[str, str, str]], width: int) -> Iterator[RenderableType]:
    if not found:
        return
    weights = max(len(weight) for _, weight, _ in found)
    table = rows(*("fit" for _ in range(2 if weights else 1)), "wrap")
    for name, weight, summary in found:
        cells = [Text(weight.ljust(weights), "dim")] if weights else []
        table.add_row(Text(name.ljust(width)), *cells, _prose(summary))
    yield titled(title, table)
    yield ""


def _weight(thing: Rule | Fix) -> str:
    return (
        f"{thing.kind.value}, {thing.severity.value}"
        if isinstance(thing, Rule)
        else f"fix, {SAFETY_WORDS[thing.safety]}"
    )


# ---- a docstring as a page ---------------------------------------------------------------------------------------


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading, "" where there is none, with its paragraphs; a heading is a line with indented ones below."""
    heading, paragraphs = "", list[str]()
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        first, _, rest = block.partition("\n")
        titled_block = rest[:1].isspace() and not first[:1].isspace()
        if titled_block or not first[:1].isspace():
            if paragraphs:
                yield heading, paragraphs
                paragraphs = []
            heading = first.strip() if titled_block else ""
        paragraphs.append(rest if titled_block else block)
    if any(map(str.strip, paragraphs)):
        yield heading, paragraphs


def _lines(heading: str, paragraphs: list[str]) -> Iterator[Text]:
    """Yield the lines refilled; an item of a list begins a new one, and so does a reference after a full stop."""
    breaks = r"(?<=\.)\n" if heading == "References" else r"\n(?=\s*[-*] )"
    for paragraph in paragraphs:
        yield from (_prose(" ".join(part.split())) for part in re.split(breaks, paragraph))


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
