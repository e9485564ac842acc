"""Facts: what a run says, as values that rules ask for by parameter name.

One file a fact, or a few that belong together. A fact may ask for other facts, and for the run itself as ``run``.
It returns a value, or ``Missing`` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rundoctor import signals
from rundoctor.asking import needs_of
from rundoctor.discover import discover, folders
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Curve, Missing, Run


@dataclass(frozen=True)
class Fact:
    """A named way to compute a value from a run and other facts."""

    name: str
    needs: tuple[tuple[str, bool], ...]
    compute: Callable[..., Any]


def fact(compute: Callable[..., Any]) -> Fact:
    """Make a function a fact of its own name."""
    return Fact(compute.__name__, needs_of(compute), compute)


class FactBook:
    """The facts of one run, each computed once.

    A name is looked up among the facts, then the run's settings (``gamma``), then its curves (``approx_kl``).
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._facts = {found.name: found for folder in folders(__name__) for found in discover(folder, Fact)}
        self._known: dict[str, Any] = {"run": run}

    def get(self, name: str) -> Any:
        """Return the value of a fact, or ``Missing``."""
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def arguments(self, needs: tuple[tuple[str, bool], ...]) -> dict[str, Any] | Missing:
        """Return the arguments for a function with these needs, or the first ``Missing`` that stops it."""
        values: dict[str, Any] = {}
        for name, optional in needs:
            values[name] = value = self.get(name)
            if isinstance(value, Missing) and not optional:
                return value
        return values

    def _compute(self, name: str) -> Any:
        if name in self._facts:
            arguments = self.arguments(self._facts[name].needs)
            return arguments if isinstance(arguments, Missing) else self._facts[name].compute(**arguments)
        if name in HYPERPARAMETERS:
            absent = Missing(reason=f"the config does not set {name}", log="give the trainer's source with --source")
            if self.run.config is None:
                absent = Missing(reason="there is no readable config", log="keep the config beside the log")
            return self.run.settings.get(name, absent)
        curve = self.run.curves.get(name)
        if curve is None or not len(curve) + len(curve.broken):
            return Missing(reason=f"{name} is not logged", log=f"log {name} per update")
        if _breaks_off(curve):
            return Missing(reason=f"{name} is not finite at the end of the run", log=f"log a finite {name}")
        return curve


def _breaks_off(curve: Curve) -> bool:
    """Whether most of the last fifth is NaN or infinite: a level of the finite rest would be one of long ago."""
    steps = np.sort(np.append(curve.step, curve.broken))
    late = steps[-signals.window(len(steps)) :]
    return bool(np.isin(late, curve.broken).mean() > 0.5)
