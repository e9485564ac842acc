"""Changing single values of a YAML text and nothing else: every other character stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rundoctor.errors import PatchRefused
from rundoctor.model import Entry
from rundoctor.yaml_text import NotYaml, is_json, parse, write

_SCHEDULE = re.compile(r"([a-z]+_).+")


@dataclass(frozen=True)
class Splice:
    """New characters for a span of a text; an empty span inserts."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """Return the text with all splices made; their spans are those of the old text and do not overlap."""
    for splice in sorted(splices, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def written_as(entry: Entry, value: Any) -> Any:
    """Return the value the file gets: a number keeps the schedule it is the first value of, such as ``lin_``."""
    schedule = _SCHEDULE.fullmatch(entry.value) if isinstance(entry.value, str) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return schedule[1] + write(value) if schedule and is_number else value


def replacement(text: str, entry: Entry, value: Any) -> Splice:
    """Return the splice that gives an entry a new value, in its old quotes if that value is text.

    Raises:
        PatchRefused: the old value runs over several lines.
    """
    if entry.raw.startswith(("|", ">")) or "\n" in entry.raw:
        raise PatchRefused(f"the value at line {entry.line} runs over several lines")
    both_text = isinstance(value, str) and isinstance(entry.value, str)
    new = _quoted(entry.raw[:1], value) if both_text else write(value)
    glued = entry.start == entry.end and not text[: entry.start].endswith((" ", "\t"))
    return Splice(entry.start, entry.end, f" {new}" if glued else new)


def insertions(text: str, sibling: Entry, key: str, value: Any) -> Iterator[Splice]:
    """Yield the ways to write an absent key beside a sibling: on a line of its own, or in the same flow mapping.

    Which of them means what is meant shows only when the result is parsed again, see ``verify``.
    """
    pair = f"{key}: {write(value)}"
    line_start = text.rfind("\n", 0, sibling.start) + 1
    before = text[line_start : sibling.start]
    name = re.escape(sibling.path[-1])
    block = re.fullmatch(rf"\ufeff*([ \t]*)(['\"]?){name}\2[ \t]*:[ \t]*(?:[&!]\S*[ \t]+)*", before)
    if block:
        newline = "\r\n" if "\r\n" in text else "\n"
        line_end = text.find("\n", sibling.end)
        if line_end < 0:
            yield Splice(len(text), len(text), f"{newline}{block[1]}{pair}")
        else:
            yield Splice(line_end + 1, line_end + 1, f"{block[1]}{pair}{newline}")
    yield Splice(sibling.end, sibling.end, f", {pair}")


def verify(old: Sequence[Entry], text: str, changes: Mapping[tuple[str, ...], Any], file: str = "") -> None:
    """Check that a text holds the old values, but for the changes.

    Raises:
        PatchRefused: it is no YAML, or no JSON, any more, or another value differs.
    """
    expected = {entry.path: entry.value for entry in old} | dict(changes)
    try:
        found = {entry.path: entry.value for entry in parse(text, file).entries}
        if is_json(file):
            json.loads(text.lstrip("\ufeff"))
    except (NotYaml, ValueError) as error:
        raise PatchRefused(f"the edited config would be {error}") from error
    for path in sorted(expected.keys() | found.keys()):
        if path not in expected or path not in found or not _same(expected[path], found[path]):
            raise PatchRefused(f"the edit would change {'.'.join(path)} as well")


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))


def _quoted(quote: str, value: str) -> str:
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    if quote == '"':
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value
