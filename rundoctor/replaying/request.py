"""What the user asks of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rundoctor.errors import RundoctorError

SEEDS = 10
MANY = 1_000_000
"""More than anybody can wait for."""
BOUNDS = {"seeds": (2, MANY), "updates": (4, MANY), "budget": (1, 10**12), "jobs": (1, 1024), "seed": (0, 2**63 - 1)}
"""Least and most that can be asked for; noise has a stream for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asks of a replay."""

    fixes: tuple[str, ...] = ()
    """Names of the fixes to try; all that apply when empty."""
    seeds: int = SEEDS
    updates: int | None = None
    """Of each arm; as many as make ``STEPS`` gradient steps when None."""
    budget: int | None = None
    """Arm-updates: one update of one arm with one seed."""
    jobs: int | None = None
    """Processes; as many as there are cores when None."""
    seed: int = 0
    """All noise hangs on it: another one is another replay of the same."""
    device: str = "cpu"
    """Where the arms are trained, by torch's name: ``cpu``, ``cuda``, ``cuda:1``."""
    mode: str = ""
    """``recorded`` or ``surrogate``; recorded updates where the run has them when empty."""
    environment: str | None = None
    """A Gymnasium task, ``CartPole-v1`` or ``package.module:factory``; surrogates when None."""
    assume: Mapping[str, Any] = field(default_factory=dict)
    """The user's word for what the config does not say, by canonical name; ``activation`` and ``discrete`` too."""

    def __post_init__(self) -> None:
        """Raise ``RundoctorError`` for a replay of nothing."""
        if self.environment is not None and not self.environment.strip():
            raise RundoctorError(
                "--env is empty", "name a task, CartPole-v1 or package.module:factory, or leave it out"
            )
        for name, (least, most) in BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                word, bound = ("low", f"at least {least}") if value < least else ("high", f"at most {most}")
                raise RundoctorError(f"--{name} {value} is too {word}", bound)
