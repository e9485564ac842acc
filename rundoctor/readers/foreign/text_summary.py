"""Hyper-parameters that a trainer writes into its event file.

CleanRL writes a table of ``|param|value|``, Hugging Face's trainers their arguments as JSON under ``args``. They are
what the run was started with. The text is no file that could be patched.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from rundoctor.model import Config, Entry
from rundoctor.yaml_text import NotYaml, parse

_HEAD = re.compile(r"\|\s*param\s*\|\s*value\s*\|\s*\n\|[-|: ]+\|\s*\n", re.IGNORECASE)
_ROW = re.compile(r"^\|([^|\n]+)\|([^\n]*)\|[ \t]*$", re.MULTILINE)
LONGEST_LITERAL = 200
ARGUMENTS = ("args/text_summary", "args")


def config_of_texts(file: str, texts: Mapping[str, str]) -> Config | None:
    """Return the hyper-parameters of the first text summary that is such a table, or of the arguments in JSON.

    Args:
        file: name of the event file, for evidence.
        texts: text summaries by tag.
    """
    for tag, text in texts.items():
        head = _HEAD.search(text)
        if head is None:
            continue
        entries = [
            Entry(
                path=(row[1].strip(),),
                value=plain_value(row[2].strip()),
                raw=row[2].strip(),
                start=row.start(2),
                end=row.end(2),
                line=text.count("\n", 0, row.start()) + 1,
            )
            for row in _ROW.finditer(text, head.end())
        ]
        if entries:
            return Config(file=tag, path=file, text=text, entries=tuple(entries), is_file=False)
    return next((config_of_json(tag, file, texts[tag]) for tag in ARGUMENTS if tag in texts), None)


def config_of_json(name: str, path: str, text: str) -> Config | None:
    """Return the settings in a JSON text that is part of a log; None where it holds none.

    Args:
        name: what to call the text, for evidence.
        path: the log it stands in.
        text: the JSON.
    """
    try:
        entries = parse(text, ".json").entries
    except NotYaml:
        return None
    return Config(file=name, path=path, text=text, entries=tuple(entries), is_file=False) if entries else None


def plain_value(text: str) -> Any:
    """Return a value as Python prints it; text where it is no literal."""
    try:
        value = ast.literal_eval(text) if len(text) <= LONGEST_LITERAL else text
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text
    return value if isinstance(value, (bool, int, float, str, type(None))) else text
