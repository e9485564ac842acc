"""What the terminal shows, part by part. Everything of a run passes through ``visible.safe`` and is never markup."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """The surface a page is written on."""

    width: int = 100
    color: bool = False
    unicode: bool = True
    """False where the output's encoding has no block characters."""
