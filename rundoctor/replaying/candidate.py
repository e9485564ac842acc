"""One arm of a replay: a configuration to try, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from rundoctor.model.replay import Arm
from rundoctor.ppo.config import Config


@dataclass(frozen=True)
class Candidate:
    """A configuration beside the control."""

    name: str
    """Name of the fix, of several joined by ``+``, or of the arm."""
    arm: Arm
    config: Config
    changes: tuple[str, ...] = ()
    """What differs from the control, such as ``clip_range_vf 0.2 -> 410``."""
