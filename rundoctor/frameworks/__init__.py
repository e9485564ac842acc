"""Frameworks: one file a trainer, with its spellings, signs, factors, defaults and which keys are shared."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
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
class Told:
    """How a trainer is told its hyper-parameters where no file holds them: a flag, or a line of code."""

    where: str
    """What has these words, such as ``the command line``."""
    lines: Mapping[str, str | Mapping[bool, str]]
    """What to write by hyper-parameter: ``{value}`` stands for a number; a switch has a text for each of its ways."""
    since: str = ""
    """Config path that only versions with these words write; empty where none shows it."""
    until: str = ""
    """Config path that versions with these words do not write yet."""


def each(form: str, keys: Mapping[str, str]) -> dict[str, str | Mapping[bool, str]]:
    """Return lines that differ in the key alone: ``{key}`` and ``{value}`` stand in the form."""
    return {name: form.replace("{key}", key) for name, key in keys.items()}


LOSSES = frozenset({"loss", "policy_loss", "value_loss", "entropy", "grad_norm"})
"""Metrics whose meaning depends on the algorithm."""


@dataclass(frozen=True)
class Framework:
    """What rundoctor knows of one trainer."""

    name: str
    title: str
    columns: Mapping[str, Column]
    """Canonical metric by logged column."""
    paths: Mapping[str, tuple[str, ...]]
    """Config paths the trainer reads for a canonical hyper-parameter, the one it prefers first."""
    patterns: Mapping[str, Column] = field(default_factory=dict)
    """The same by a regular expression for the whole name, where the run's own names are a part of it."""
    leave_out: str = r"(?!)"
    """Regular expression for the beginning of columns that say nothing of the training: timings, memory, settings."""
    not_ppo: str = r"(?!)"
    """Regular expression for columns that only other algorithms of the library write: their losses are not read."""
    counters: tuple[str, ...] = ()
    """Columns of a table that number the updates, the preferred one first."""
    once_an_update: tuple[str, ...] = ()
    """Tags that an event file holds once an update, the preferred one first: they say where an update ends."""
    other_steps: str = r"(?!)"
    """Regular expression for the beginning of tags whose steps count something else, from the run's start to its end:
    gradient steps, or updates."""
    steps_are_updates: bool = False
    """Whether the step of an event is the update; else it counts steps of the environments."""
    an_update_takes: str = ""
    """Hyper-parameter that says how many of these steps an update takes, for a trainer that does not log each one."""
    first_update: int = 0
    """Number of the first update in its own logs."""
    value_loss_weighted: bool = False
    """Whether the logged value loss is multiplied with its weight already."""
    value_loss_share: tuple[float, float] = (0.5, 1.0)
    """Least and largest share of the mean squared error that the logged value loss is; many log half of it."""
    adam_epsilon: float = 1e-8
    """What its Adam adds to the root of the second moment; PyTorch's default."""
    rate_bounds: tuple[float, float] | None = None
    """Lowest and highest learning rate of its schedule that follows the KL; None where it has none."""
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
    told: tuple[Told, ...] = ()
    """How it is told its hyper-parameters in code or on a command line, the newest version first."""
    records: tuple[str, ...] = ()
    """Files in which it only writes down what it was told: a new run does not read them."""

    def names_of(self, labels: Iterable[str]) -> dict[str, Column]:
        """Return the metrics that logged columns stand for, the preferred one first.

        A name that is declared comes before one that fits a pattern; of those the pattern that is declared first, then
        the shortest name.
        """
        present = dict.fromkeys(label for label in labels if not re.match(self.leave_out, label))
        found = {label: column for label, column in self.columns.items() if label in present}
        for pattern, column in self.patterns.items():
            fits = [label for label in present if label not in found and re.fullmatch(pattern, label)]
            found |= dict.fromkeys(sorted(fits, key=lambda label: (len(label), label)), column)
        if any(re.fullmatch(self.not_ppo, label) for label in present):
            found = {label: column for label, column in found.items() if column.name not in LOSSES}
        return found


def without_key(
    values: Mapping[str, Any], where: str, paths: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Setting]:
    """Return settings that are in force though no key says so: a default, or what the code always does.

    Args:
        values: value by hyper-parameter.
        where: which code, or whose default, it is.
        paths: config paths by hyper-parameter, of defaults; what has none there has no key at all.
    """
    return {
        name: Setting(name=name, path=(paths or {}).get(name, (name,))[0], value=value, where=where, implied=True)
        for name, value in values.items()
    }


@cache
def all_frameworks() -> dict[str, Framework]:
    """Return every framework by name."""
    return {framework.name: framework for framework in discover(__name__, Framework)}


def framework_named(name: str) -> Framework:
    """Return a run's framework, from the module of that name; for a format without one, that of our three files."""
    from rundoctor.frameworks.native import FRAMEWORK

    if name == FRAMEWORK.name or not name.isidentifier():
        return FRAMEWORK
    try:
        named = getattr(importlib.import_module(f"{__name__}.{name}"), "FRAMEWORK", None)
    except ModuleNotFoundError:
        named = None
    return named if isinstance(named, Framework) else FRAMEWORK


def recognised(labels: Iterable[str]) -> Framework | None:
    """Return the framework that writes most of these columns; None where none writes two of them."""
    present = set(labels)

    def written(framework: Framework) -> int:
        own = present.intersection((*framework.counters, *framework.once_an_update))
        return len(own.union(framework.names_of(present)))

    likeliest = max(all_frameworks().values(), key=lambda one: (written(one), one.name not in ("plain", "rundoctor")))
    return likeliest if written(likeliest) > 1 else None
