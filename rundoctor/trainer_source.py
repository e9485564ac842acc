"""What a trainer's source says of its config: which keys it reads at all, and the defaults of those that are absent.

The source is parsed, never run. A key counts as read when its name occurs in the code as a string, an attribute or a
parameter; only a key whose name occurs nowhere is dead for certain.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from rundoctor.errors import UnreadableFile
from rundoctor.frameworks import Framework
from rundoctor.model import ConfigFlaw, Setting

MOST_FILES = 2_000
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class TrainerSource:
    """The names in a trainer's code."""

    words: frozenset[str]
    defaults: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    """By key: the default of ``config.get(key, default)`` where all such calls agree, and where it stands."""


def read_source(path: Path) -> TrainerSource:
    """Parse the Python files of a directory, or one file; files that do not parse are left out.

    Raises:
        UnreadableFile: there is no Python file.
    """
    files = [path] if path.is_file() else sorted(islice(path.rglob("*.py"), MOST_FILES))
    words: set[str] = set()
    seen: dict[str, list[tuple[Any, str]]] = {}
    trees = [(file.name, tree) for file in files if (tree := _parsed(file)) is not None]
    if not trees:
        raise UnreadableFile(f"{path}: no Python source that can be parsed", "--source names the trainer's directory")
    for name, tree in trees:
        for node in ast.walk(tree):
            words.update(_words(node))
            for key, default, line in _defaults(node):
                seen.setdefault(key, []).append((default, f"{name}:{line}"))
    agreed = {key: found[0] for key, found in seen.items() if all(one[0] == found[0][0] for one in found)}
    return TrainerSource(frozenset(words), agreed)


def _parsed(file: Path) -> ast.Module | None:
    try:
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            return None
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.lstrip("-").replace("-", "_").rsplit(".", 1)[-1]
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
        yield node.arg
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _defaults(node: ast.AST) -> Iterator[tuple[str, Any, int]]:
    """Yield key, default and line of ``anything.get("key", constant)``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"):
        return
    if len(node.args) == 2 and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
        try:
            yield node.args[0].value, ast.literal_eval(node.args[1]), node.lineno
        except (ValueError, TypeError):
            return


def settled(
    settings: Mapping[str, Setting], framework: Framework, source: TrainerSource
) -> tuple[dict[str, Setting], tuple[ConfigFlaw, ...]]:
    """Return the settings that the source reads, with its defaults for absent keys, and a flaw for each dead key."""
    dead = {name for name, one in settings.items() if not one.implied and _leaf(one.path) not in source.words}
    flaws = tuple(
        ConfigFlaw(
            kind="dead-key", message=f"{settings[name].path} occurs nowhere in the source", where=settings[name].where
        )
        for name in sorted(dead)
    )
    alive = {name: one for name, one in settings.items() if name not in dead}
    for name, paths in framework.paths.items():
        for path in paths:
            if name not in settings and _leaf(path) in source.defaults:
                value, where = source.defaults[_leaf(path)]
                alive[name] = Setting(name=name, path=path, value=value, where=where, implied=True)
    return alive, flaws


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1]
