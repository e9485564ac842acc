"""Fixes: one file a candidate fix. A fix asks for facts by parameter name and proposes edits with computed values.

A proposal without edits and without a refusal is a fix that no config can hold: it needs code.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor, log10

from rundoctor.asking import needs_of
from rundoctor.discover import discover
from rundoctor.model import Fix, Proposal, Safety


def fix(
    *,
    treats: tuple[str, ...] = (),
    offered_for: tuple[str, ...] = (),
    tested_for: tuple[str, ...] = (),
    goes_with: tuple[str, ...] = (),
    safety: Safety,
    order: int,
    by_hand: str,
) -> Callable[[Callable[..., Proposal]], Fix]:
    """Make the module's function a ``Fix``, named after the module and documented by it."""

    def make(propose: Callable[..., Proposal]) -> Fix:
        return Fix(
            name=propose.__module__.rsplit(".", 1)[-1].replace("_", "-"),
            doc=(propose.__globals__["__doc__"] or "").strip(),
            treats=treats,
            offered_for=offered_for,
            tested_for=tested_for,
            goes_with=goes_with,
            safety=safety,
            order=order,
            by_hand=by_hand,
            needs=needs_of(propose),
            propose=propose,
        )

    return make


def rounded(value: float) -> float:
    """Round to two significant digits: a computed value is no better known than that."""
    return round(value, 1 - floor(log10(abs(value)))) if value else 0.0


def all_fixes() -> list[Fix]:
    """Return every fix, the ones to try first in front."""
    return sorted(discover(__name__, Fix), key=lambda fix: (fix.order, fix.name))
