"""Readers: bytes to part of a run, one file a kind of file.

They never write, never guess, and keep a note of whatever they could not use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rundoctor.model import Config, Curve, Episodes, Input


@dataclass(frozen=True)
class Part:
    """What one file adds to a run."""

    input: Input
    curves: Mapping[str, Curve] = field(default_factory=dict)
    episodes: Episodes | None = None
    config: Config | None = None
    sessions: tuple[int, ...] = ()
    """Updates at which a resumed session starts."""
    framework: str = ""
    """The trainer that wrote the file, where its content tells and its name does not."""


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Attributes:
        framework: the framework whose file this is, by name; ``""`` where the content tells, or many write it.
        claims: whether a path is such a file, from its name and first bytes; it must not raise.
        read: the file's part of the run; raises OSError when the file cannot be opened, and nothing else.
        order: where several files hold the same curve, the reader with the lower order is used.
        is_config: whether it reads settings; else it reads a log.
        last_resort: whether the file holds only what is left of a run, for want of another log.
        read_together: for files of which a run may have several, all of them at once.
    """

    framework: str
    claims: Callable[[Path], bool]
    read: Callable[[Path], Part]
    order: int = 0
    is_config: bool = False
    last_resort: bool = False
    read_together: Callable[[Sequence[Path]], list[Part]] | None = None
