"""What the columns of a log mean: the metrics there are, what a user says of a column, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from rundoctor.errors import UnknownName
from rundoctor.frameworks import Framework, all_frameworks, framework_named
from rundoctor.frameworks.plain import FRAMEWORK as PLAIN

MOST_NAMES = 12
"""Columns that one line names."""


def check_metrics(columns: Mapping[str, str]) -> None:
    """Check that every metric that columns are mapped to exists.

    Raises:
        UnknownName: one does not.
    """
    known = {metric for framework in all_frameworks().values() for metric in metrics_of(framework)}
    for metric in columns:
        if metric not in known:
            near = get_close_matches(metric, sorted(known), n=3, cutoff=0.5)
            usual = [name for name in ("loss", "reward_mean", "value_loss", "approx_kl", "entropy") if name in known]
            hint = f"did you mean {' or '.join(near)}?" if near else f"such as {few(usual)}"
            raise UnknownName(f"no metric is called {metric!r}", hint)


def metrics_of(framework: Framework) -> set[str]:
    """Return the canonical metrics that a trainer's columns stand for."""
    return {column.name for column in (*framework.columns.values(), *framework.patterns.values())}


def without_meaning(curves: Iterable[str], framework: str, mapped: Iterable[str] = ()) -> tuple[str, ...]:
    """Return a note on the columns that stand for no metric and are kept under their own names.

    Args:
        curves: names of what was read.
        framework: the trainer that wrote it.
        mapped: metrics that the user has given columns.
    """
    known = metrics_of(framework_named(framework)) | metrics_of(PLAIN)
    unknown = sorted(set(curves) - known - set(mapped))
    return (f"no known metric: {few(unknown)}",) if unknown else ()


def few(names: Iterable[str]) -> str:
    """Return names in one line, and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
