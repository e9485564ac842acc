"""YAML as text and as values at once: every scalar with its key path, the value PyYAML gives it and its characters.

PyYAML's C parser finds the scalars, so that rundoctor sees what most trainers see. Nothing is ever constructed: a tag
such as ``!!python/object/apply:collections.OrderedDict`` is read as the plain data under it.

JSON is read as the YAML it nearly is. Its numbers are its own, ``1e-05`` among them, and tabs are blanks to it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import yaml

from rundoctor.yaml_text.entries import DEEPEST, NotYaml, Parsed, Walk, ordered_pairs, place
from rundoctor.yaml_text.scalars import Node, write

__all__ = ["NotYaml", "Parsed", "is_json", "parse", "write"]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BYTE_ORDER_MARK = "\ufeff"
_JSON_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def is_json(file: str) -> bool:
    """Whether a file's name says that it is JSON."""
    return file.endswith(".json")


def parse(text: str, file: str = "") -> Parsed:
    """Read the scalars of the first document.

    Args:
        text: the whole file, with its byte order mark if it has one.
        file: its name, used in the flaws; that of a JSON file makes numbers JSON's.

    Raises:
        NotYaml: the text is no YAML, is nested too deeply, or its top level is no mapping.
    """
    text = text.replace("\t", " ") if is_json(file) else text
    body = text.lstrip(_BYTE_ORDER_MARK)
    try:
        documents = _count_documents(body)
        root = _first_document(body)
        walk = Walk(text, len(text) - len(body), file)
        if not isinstance(root, yaml.MappingNode) and ordered_pairs(root) is None:
            raise NotYaml("no values in it" if root is None else "its top level is not a mapping")
        walk.read(root)
    except yaml.YAMLError as error:
        raise NotYaml(_one_line(error)) from error
    except (ValueError, RecursionError) as error:
        raise NotYaml(f"not readable as YAML: {error}") from error
    if documents > 1:
        walk.parsed.notes.append(
            f"{documents} YAML documents, only the first is used; most trainers refuse such a file"
        )
    return _with_json_numbers(walk.parsed) if is_json(file) else walk.parsed


def _with_json_numbers(parsed: Parsed) -> Parsed:
    """Return the entries with the numbers that JSON sees where YAML sees text, and no word about the difference."""
    entries = [
        replace(entry, value=json.loads(entry.raw))
        if isinstance(entry.value, str) and _JSON_NUMBER.fullmatch(entry.raw)
        else entry
        for entry in parsed.entries
    ]
    flaws = [flaw for flaw in parsed.flaws if flaw.kind != "string-typed-number"]
    return Parsed(entries, flaws, parsed.notes)


def _count_documents(body: str) -> int:
    """Count the documents, and stop before a depth at which composing would overflow the stack."""
    depth = documents = 0
    for event in yaml.parse(body, Loader=LOADER):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotYaml(f"nested deeper than {DEEPEST} levels at {place(event.start_mark)}")
    return documents


def _first_document(body: str) -> Node:
    loader = LOADER(body)
    try:
        return loader.get_node() if loader.check_node() else None
    finally:
        loader.dispose()


def _one_line(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"not YAML at {place(getattr(error, 'problem_mark', None))}: {problem}"
