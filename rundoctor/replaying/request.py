"""What the user asks of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rundoctor.errors import RundoctorError

SEEDS = 10


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
    mode: str = ""
    """``recorded`` or ``surrogate``; recorded updates where the run has them when empty."""
    environment: str = ""
    """A Gymnasium task, ``CartPole-v1`` or ``package.module:factory``; a surrogate when empty."""
    assume: Mapping[str, Any] = field(default_factory=dict)
    """The user's word for what the config does not say, by canonical name; ``activation`` and ``discrete`` too."""

    def __post_init__(self) -> None:
        """Raise ``RundoctorError`` for a replay of nothing."""
        for name, least in (("seeds", 2), ("updates", 4), ("budget", 1), ("jobs", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise RundoctorError(f"--{name} {value} is too low", f"at least {least}")
