"""An update from which the reward may be another one, with the numbers that would prove it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import eq, gt, lt
from typing import NamedTuple

from rundoctor.model import Evidence

HOLDS = {">": gt, "<": lt, "=": eq}
CERTAIN = 1e6
"""A ratio to something that was zero."""
STRETCH = 20
"""Part of a run that a stretch of it must be: of thousands of stretches of three updates some stand out by chance, as
in healthy public runs of 2,000 to 5,000 updates."""


def stretch(fewest: int, updates: int) -> int:
    """Updates that make a stretch of a run of so many."""
    return max(fewest, updates // STRETCH)


class Sign(NamedTuple):
    """A number that counts where it is beyond a limit."""

    limit: str
    """Name of that limit of the rule."""
    claim: str
    observed: float
    relation: str = ">"


class Change(NamedTuple):
    """An update from which the reward may be another one."""

    step: int
    message: str
    signs: tuple[Sign, ...]
    """Each of them must be beyond its limit."""
    source: str

    def proof(self, limits: Mapping[str, float]) -> tuple[Evidence, ...]:
        """The signs beside their limits where all of them are beyond, else nothing."""
        if not all(HOLDS[sign.relation](sign.observed, limits[sign.limit]) for sign in self.signs):
            return ()
        where = f"{self.source}, update {self.step}"
        return tuple(
            Evidence(
                claim=sign.claim,
                observed=sign.observed,
                relation=sign.relation,
                limit=limits[sign.limit],
                where=where,
            )
            for sign in self.signs
        )
