"""From YAML nodes to entries: key paths, values and spans, aliases and merge keys followed as PyYAML does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from rundoctor.model import ConfigFlaw, Entry
from rundoctor.yaml_text.scalars import Node, is_number_to_humans, typed, write

DEEPEST = 100
"""Levels of nesting that are read; the C parser itself ends the interpreter at some tens of thousands."""
MOST_FLAWS = 50
"""Flaws that are told one by one; a generated file may repeat the same one thousands of times."""
MOST_NODES = 200_000
"""Nodes that are read with all aliases followed; more is an alias bomb, not a config."""

_TAG = "tag:yaml.org,2002:"
_ANCHOR_OR_TAG = re.compile(r"(?:[&!]\S*(?:\s+|$))+")


class NotYaml(Exception):
    """The text has no values to give; the message says why and in which line."""


@dataclass
class Parsed:
    """What a text holds."""

    entries: list[Entry] = field(default_factory=list)
    flaws: list[ConfigFlaw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _TooMuch(Exception):
    """The aliases expand to more than anybody configures."""


class Walk:
    """One pass over the nodes of a document."""

    def __init__(self, text: str, shift: int, file: str) -> None:
        self.text, self.shift, self.file = text, shift, file
        self.parsed = Parsed()
        self.untold = 0
        self.left = MOST_NODES
        self.flawed: set[int] = set()
        self.flat: dict[int, dict[tuple[str, str], Node]] = {}

    def read(self, root: Node) -> None:
        """Add the entries and flaws under a node to ``parsed``."""
        try:
            self._visit(root, ())
        except _TooMuch:
            limits = f"{MOST_NODES} values or {DEEPEST} levels"
            self.parsed.notes.append(f"aliases expand to more than {limits}; the rest is not read")
        if self.untold:
            self.parsed.notes.append(f"{self.untold} more duplicate key(s) or number(s) written as text")

    def _visit(self, node: Node, path: tuple[str, ...]) -> None:
        self._spend(1)
        if len(path) > DEEPEST:
            raise _TooMuch
        if isinstance(node, yaml.ScalarNode):
            self._leaf(node, path)
            return
        for key, child in self._children(node):
            self._visit(child, (*path, key))

    def _spend(self, nodes: int) -> None:
        self.left -= nodes
        if self.left < 0:
            raise _TooMuch

    def _children(self, node: Node) -> Iterable[tuple[str, Node]]:
        if isinstance(node, yaml.MappingNode):
            return [(text, child) for (_, text), child in self._pairs(node).items()]
        pairs = ordered_pairs(node)
        if pairs is not None:
            return [(_key_text(key), child) for key, child in pairs]
        return [(str(index), child) for index, child in enumerate(node.value)]

    def _pairs(self, node: Node) -> dict[tuple[str, str], Node]:
        """Return a mapping's values by key: merged ones first, its own over them, the last of equal keys."""
        if id(node) in self.flat:
            return self.flat[id(node)]
        merged = self.flat[id(node)] = {}
        own: dict[tuple[str, str], Node] = {}
        lines: dict[tuple[str, str], int] = {}
        for key, child in node.value:
            if key.tag == _TAG + "merge":
                self._merge(child, merged)
                continue
            name, line = (key.tag, _key_text(key)), key.start_mark.line + 1
            if name in own:
                self._duplicate(name[1], lines[name], line)
            own[name], lines[name] = child, line
        merged.update(own)
        self._spend(len(merged))
        return merged

    def _merge(self, source: Node, merged: dict[tuple[str, str], Node]) -> None:
        sources = reversed(source.value) if isinstance(source, yaml.SequenceNode) else [source]
        for one in sources:
            if not isinstance(one, yaml.MappingNode):
                raise NotYaml(f"not YAML at {place(one.start_mark)}: << needs a mapping")
            merged.update(self._pairs(one))

    def _duplicate(self, key: str, first: int, last: int) -> None:
        message = f"{key} stands in lines {first} and {last} of one mapping; PyYAML keeps line {last}, others refuse"
        self._flaw("duplicate-key", message, last)

    def _flaw(self, kind: str, message: str, line: int) -> None:
        if len(self.parsed.flaws) < MOST_FLAWS:
            self.parsed.flaws.append(ConfigFlaw(kind=kind, message=message, where=f"{self.file}:{line}"))
        else:
            self.untold += 1

    def _leaf(self, node: Node, path: tuple[str, ...]) -> None:
        start, end = node.start_mark.index + self.shift, node.end_mark.index + self.shift
        properties = _ANCHOR_OR_TAG.match(self.text, start, end)
        start = properties.end() if properties else start
        value, line = typed(node), node.start_mark.line + 1
        raw = self.text[start:end]
        self.parsed.entries.append(Entry(path=path, value=value, raw=raw, start=start, end=end, line=line))
        if start not in self.flawed and isinstance(value, str) and not node.style and is_number_to_humans(value):
            self.flawed.add(start)
            message = f"{'.'.join(path)}: {value} is text to PyYAML, not a number; write {write(float(value))}"
            self._flaw("string-typed-number", message, line)


def _key_text(key: Node) -> str:
    return key.value if isinstance(key, yaml.ScalarNode) else f"?{key.start_mark.line + 1}"


def ordered_pairs(node: Node) -> list[tuple[Node, Node]] | None:
    """Return the pairs of ``!!python/object/apply:collections.OrderedDict [[[key, value], ...]]``, else None."""
    if not (isinstance(node, yaml.SequenceNode) and node.tag.endswith("collections.OrderedDict")):
        return None
    pairs = node.value[0].value if len(node.value) == 1 else None
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        return None
    return [(pair.value[0], pair.value[1]) for pair in pairs]


def _is_pair(node: Node) -> bool:
    return isinstance(node, yaml.SequenceNode) and len(node.value) == 2


def place(mark: Any) -> str:
    """Return where a mark stands, for a message."""
    return "an unknown line" if mark is None else f"line {mark.line + 1}"
