"""Fixes: one file a candidate fix. A fix asks for facts by parameter name and proposes edits with computed values."""

from __future__ import annotations

from collections.abc import Callable

from rundoctor.asking import needs_of
from rundoctor.model import Fix, Proposal, Safety


def fix(
    *, treats: tuple[str, ...], safety: Safety, order: int, by_hand: str
) -> Callable[[Callable[..., Proposal]], Fix]:
    """Make the module's function a ``Fix``, named after the module and documented by it."""

    def make(propose: Callable[..., Proposal]) -> Fix:
        return Fix(
            name=propose.__module__.rsplit(".", 1)[-1].replace("_", "-"),
            doc=(propose.__globals__["__doc__"] or "").strip(),
            treats=treats,
            safety=safety,
            order=order,
            by_hand=by_hand,
            needs=needs_of(propose),
            propose=propose,
        )

    return make
