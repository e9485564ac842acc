"""Arguments of a command line as a training script prints them into ``log.txt``: ``Namespace(lr=0.001, procs=16)``.

rl-starter-files does so (``scripts/train.py`` at 317da04), for every run and every resumed session; the first line is
read. Defaults are among the arguments. The text is no file that could be patched.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from rundoctor.model import Config, Entry, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.foreign.text_summary import plain_value
from rundoctor.readers.json_rows import open_file

HEAD_BYTES = 1 << 16
_PRINTED = re.compile(r"^Namespace\((?P<arguments>.{1,8000})\)\s*$", re.MULTILINE)


def claims(path: Path) -> bool:
    """Whether the file is called so and holds such a line near its beginning."""
    if path.name != "log.txt":
        return False
    try:
        return _PRINTED.search(_head(path)) is not None
    except OSError:
        return False


def read(path: Path) -> Part:
    """Return the arguments as settings."""
    text = _head(path)
    line = _PRINTED.search(text)
    entries = tuple(_entries(text, line)) if line else ()
    config = Config(file=path.name, path=str(path), text=text, entries=entries, is_file=False) if entries else None
    return Part(Input(file=path.name, read=len(entries)), config=config)


def _head(path: Path) -> str:
    with open_file(path) as stream:
        return stream.read(HEAD_BYTES).decode("utf-8", "replace")


def _entries(text: str, line: re.Match[str]) -> Iterator[Entry]:
    """Yield the arguments of a line that Python can take apart; it is never run."""
    try:
        call = ast.parse(f"Namespace({line['arguments']})", mode="eval").body
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return
    number = text.count("\n", 0, line.start()) + 1
    for argument in call.keywords if isinstance(call, ast.Call) else []:
        raw = ast.unparse(argument.value)
        if argument.arg:
            yield Entry(path=(argument.arg,), value=plain_value(raw), raw=raw, start=0, end=0, line=number)


CONFIG = Reader("", claims, read, order=4, is_config=True)
