"""Frameworks: one file a trainer, with its spellings, signs, factors, defaults and which keys are shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rundoctor.discover import discover
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
    value_loss_share: tuple[float, float] = (0.5, 1.0)
    """Least and largest share of the mean squared error that the logged value loss is; many log half of it."""
    value_clip_form: str = "max"
    """``max``: the larger of the clipped and the plain squared error; ``hard``: the clipped one alone."""
    identified: Callable[[Config], bool] = lambda config: True
    """Whether a config shows that this very trainer reads it; only then are ``paths`` all that counts."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other usual spellings of a hyper-parameter's key, taken while the trainer is not identified."""
    sections: tuple[str, ...] = ()
    """Sections that hold hyper-parameters in such configs, in lower case; ``""`` is the top level."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Config paths that name a hyper-parameter and that the identified trainer does not read, with its name."""
    implied: Mapping[str, Any] = field(default_factory=dict)
    """Values in force when the key is absent; only where trainer and version are identified."""
    insertable: frozenset[str] = frozenset()
    """Hyper-parameters whose absent key may be inserted, since every version of the trainer reads it."""
    arrived_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Config paths that the trainer learned to read in the same version: one of them there, the key may be inserted."""
    derive: Callable[[Config, dict[str, Setting]], dict[str, Setting]] = lambda config, found: found
    """Last step of reading the settings: what one key says about another hyper-parameter."""
    express: Callable[[Config, str, Any], tuple[Place, ...] | None] = lambda config, name, value: None
    """Where to write a hyper-parameter that is no single key; None for the ordinary way."""


def all_frameworks() -> dict[str, Framework]:
    """Return every framework by name."""
    return {framework.name: framework for framework in discover(__name__, Framework)}


def framework_named(name: str) -> Framework:
    """Return a run's framework; for a format without one, that of rundoctor's own three files."""
    known = all_frameworks()
    return known.get(name, known["rundoctor"])
