"""One run to train."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.tampering import Tampering
from corpus.tasks import Settings


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a trainer gets, and what the run's config says, which is not always the same."""

    name: str
    task: str
    trainer: str
    seed: int
    settings: Settings
    """In force."""
    claimed: Settings
    """Written into the config."""
    tampering: Tampering = field(default_factory=Tampering)
