"""Reports: one file a format. A format turns a ``Report`` into text and sees nothing else.

A module of this folder is a format by its own name: it defines ``FORMAT``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rundoctor.discover import module_names
from rundoctor.screen import Look

if TYPE_CHECKING:
    from rundoctor.model import Report


@dataclass(frozen=True)
class Options:
    """How a report is to look. Formats for machines ignore it."""

    quiet: bool = False
    """The verdict and the names of the causes."""
    verbose: bool = False
    """Everything, also what could not be judged and what is clear."""
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Format:
    """A way to write a report down."""

    summary: str
    render: Callable[[Report, Options], str]


def format_names() -> list[str]:
    """Return the formats there are, without loading them."""
    return module_names(__name__)


def render(report: Report, name: str, options: Options | None = None) -> str:
    """Return the report in the named format, ending in a newline."""
    chosen: Format = importlib.import_module(f"{__name__}.{name}").FORMAT
    return chosen.render(report, options or Options())
