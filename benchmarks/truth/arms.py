"""Which fixes are tried on a sick run, and what each would change: asked of rundoctor, from the run's own files."""

from __future__ import annotations

from pathlib import Path

from rundoctor import diagnose, read_run
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.model import Fix, Missing, Proposal
from truth.cases import FAULTS, Case, Settings

POPULAR = (
    "drop-value-clip",
    "widen-value-clip",
    "clamp-value-loss",
    "normalize-returns-per-batch",
    "lower-value-weight",
    "lower-value-learning-rate",
    "lower-learning-rate",
    "raise-entropy-weight",
    "reduce-epochs",
)
"""Advice that is often given whatever the fault, some of it known to harm."""
AT_MOST = {"sb3": 5, "core": 10}
"""Arms of a case: the core trains them side by side, so that more cost little."""


def arms_of(place: Path, case: Case, expressed: frozenset[str]) -> dict[str, Settings]:
    """Edits by the name of the fix: those for the fault's causes and the diagnosed ones first, then the popular ones.

    A fix counts where it changes a setting, and only such as the trainer can express.
    """
    run = read_run(place)
    diagnosis = diagnose(run)
    present = {*FAULTS[case.fault].causes, *(found.rule for found in diagnosis.causes + diagnosis.hazards)}
    book = FactBook(run)
    edits = {fix.name: edits_of(fix, book) for fix in sorted(all_fixes(), key=lambda fix: _rank(fix, present))}
    related = {fix.name for fix in all_fixes() if present & {*fix.treats, *fix.offered_for}}
    kept = {
        name: changed
        for name, changed in edits.items()
        if name in related | {*POPULAR}
        and any(case.sick.get(key) != value for key, value in changed.items())
        and changed.keys() <= expressed
    }
    return dict(list(kept.items())[: AT_MOST[case.trainer]])


def edits_of(fix: Fix, book: FactBook) -> Settings:
    """The settings that a fix changes, those included that it would never write into a config."""
    arguments = book.arguments(fix.needs)
    proposal = Proposal() if isinstance(arguments, Missing) else fix.propose(**arguments)
    return {edit.name: edit.value for edit in proposal.edits}


def _rank(fix: Fix, present: set[str]) -> tuple[int, int, str]:
    """Treatments before candidates before the popular ones, those in the order of the list."""
    if present & {*fix.treats}:
        return 0, fix.order, fix.name
    if present & {*fix.offered_for}:
        return 1, fix.order, fix.name
    return 2, POPULAR.index(fix.name) if fix.name in POPULAR else len(POPULAR), fix.name
