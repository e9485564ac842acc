"""What a fact, a rule or a fix asks for: the names of its parameters.

A parameter annotated ``... | Missing`` may be absent. ``limits`` is no fact: it carries the thresholds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def needs_of(function: Callable[..., Any]) -> tuple[tuple[str, bool], ...]:
    """Return the facts a function asks for, each with whether it may be missing."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return tuple((name, "Missing" in str(function.__annotations__.get(name, ""))) for name in names if name != "limits")


def default_of(function: Callable[..., Any], parameter: str) -> Any:
    """Return the default value of a function's parameter, or None."""
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    return dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)).get(parameter)
