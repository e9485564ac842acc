"""Frameworks: one file a trainer, with its spellings, signs, factors, defaults and which keys are shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rundoctor.model import Config, Setting


@dataclass(frozen=True)
class Column:
    """How a logged column becomes a canonical metric: value = factor x logged."""

    name: str
    factor: float = 1.0


Place = tuple[str, Any]
"""A dotted config path and the value to write there."""


@dataclass(frozen=True)
class Framework:
    """What rundoctor knows of one trainer."""

    name: str
    title: str
    columns: Mapping[str, Column]
    """Canonical metric by logged column."""
    paths: Mapping[str, tuple[str, ...]]
    """Config paths the trainer reads for a canonical hyper-parameter, the one it prefers first."""
    implied: Mapping[str, Any] = field(default_factory=dict)
    """Values in force when the key is absent; only where trainer and version are identified."""
    insertable: frozenset[str] = frozenset()
    """Hyper-parameters whose absent key may be inserted, since every version of the trainer reads it."""
    derive: Callable[[Config, dict[str, Setting]], dict[str, Setting]] = lambda config, found: found
    """Last step of reading the settings: what one key says about another hyper-parameter."""
    express: Callable[[Config, str, Any], tuple[Place, ...] | None] = lambda config, name, value: None
    """Where to write a hyper-parameter that is no single key; None for the ordinary way."""
