"""The policy became deterministic before it became good.

What
    The entropy falls to a small part of its first level while the reward is below its best or has never risen.

Why
    A symptom: without randomness no other action is tried, so what the policy does badly it keeps doing.

Evidence
    Share of its first entropy that the policy keeps; share of the reward's range lost.

Stays silent
    Entropy that falls while the reward rises or stays at its best: convergence.

References
    Unity-Technologies/ml-agents#281: entropy zero, a deterministic policy, almost never wanted.
    Unity ML-Agents, Using-Tensorboard.md (08f160d): it should slowly decrease during a successful training.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import EntropyLevel
from rundoctor.facts.rewards import Progress
from rundoctor.model import Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    kept: float = 0.1
    """Largest share of the first entropy; 6 of 50 healthy public runs go below (docs/limits.md)."""
    lost: float = 0.2
    """Smallest share of the reward's range lost that tells it from convergence."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(entropy_level: EntropyLevel, progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    sick = not progress.at_best(limits.lost)
    if not entropy_level.kept < limits.kept or not sick:
        return
    claim = "share of its first entropy the policy keeps"
    where = entropy_level.curve.source
    yield Finding(
        message=f"entropy falls from {entropy_level.first:.3g} to {entropy_level.last:.3g} nat while reward is not at "
        "its best",
        evidence=(Evidence(claim=claim, observed=entropy_level.kept, relation="<", limit=limits.kept, where=where),),
    )
