"""YAML as text and as values at once: every scalar with its key path, the value PyYAML gives it and its characters.

PyYAML's C parser finds the scalars, so that rundoctor sees what most trainers see. Nothing is ever constructed: a tag
such as ``!!python/object/apply:collections.OrderedDict`` is read as the plain data under it.
"""

from __future__ import annotations

from typing import Any

import yaml

from rundoctor.yaml_text.entries import DEEPEST, NotYaml, Parsed, Walk, ordered_pairs, place
from rundoctor.yaml_text.scalars import Node, write

__all__ = ["NotYaml", "Parsed", "parse", "write"]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BYTE_ORDER_MARK = "\ufeff"


def parse(text: str, file: str = "") -> Parsed:
    """Read the scalars of the first document.

    Args:
        text: the whole file, with its byte order mark if it has one.
        file: name used in the flaws.

    Raises:
        NotYaml: the text is no YAML, is nested too deeply, or its top level is no mapping.
    """
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
    return walk.parsed


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
