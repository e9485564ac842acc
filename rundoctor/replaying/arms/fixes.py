"""The fixes that are tried on a run, the likeliest first, and the pairs of them that belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from rundoctor.errors import RundoctorError
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.model import Diagnosis, Edit, Fix, Run
from rundoctor.model.replay import Arm, NotRun
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.arms.translation import NotExpressible, recipe, require_expressible
from rundoctor.treatment import propose


def fixes_to_try(
    run: Run, diagnosis: Diagnosis, named: Sequence[str], values: Mapping[str, Any]
) -> tuple[list[Plan], list[NotRun]]:
    """The fixes that change something in this run, the likeliest first, then pairs; and those that cannot be tried.

    Args:
        run: the run.
        diagnosis: its causes decide the order.
        named: names of fixes to try instead.
        values: every hyper-parameter in force.
    """
    book, left = FactBook(run), list[NotRun]()
    found: list[tuple[Fix, Plan]] = []
    for fix in _chosen(diagnosis, named):
        proposal = propose(fix, book)
        if not proposal.edits:
            reason = proposal.refused or f"it needs code: {fix.by_hand}"
            left.append(NotRun(fix=fix.name, reason=reason))
            continue
        try:
            found.append((fix, _planned(fix.name, proposal.edits, values)))
        except NotExpressible as error:
            left.append(NotRun(fix=fix.name, reason=f"a replay cannot change {error}"))
    return [plan for _, plan in found] + list(_pairs(found, named)), left


def untreated(diagnosis: Diagnosis, plans: Sequence[Plan]) -> list[str]:
    """The causes for which none of the plans is meant."""
    names = {name for plan in plans for name in plan.name.split("+")}
    tried = [fix for fix in all_fixes() if fix.name in names]
    meant = {rule for fix in tried for rule in (*fix.treats, *fix.offered_for, *fix.tested_for)}
    return [cause.rule for cause in diagnosis.causes if cause.rule not in meant]


def _chosen(diagnosis: Diagnosis, named: Sequence[str]) -> list[Fix]:
    """The named fixes, or those that treat, are offered for or are tested for what was found: the first cause first."""
    if named:
        return [fix for fix in all_fixes() if fix.name in named]
    found = [one.rule for one in (*diagnosis.causes, *diagnosis.hazards)]
    places = {fix.name: _place(fix, found) for fix in all_fixes()}
    chosen = [fix for fix in all_fixes() if places[fix.name] is not None]
    return sorted(chosen, key=lambda fix: (places[fix.name], fix.order))


def _place(fix: Fix, found: Sequence[str]) -> float | None:
    """Of a fix in the order of trial; None where it is for nothing that was found."""
    kinds = ((fix.treats, 0.0), (fix.offered_for, 0.3), (fix.tested_for, 0.6))
    places = [k + after for k, rule in enumerate(found) for rules, after in kinds if rule in rules]
    return min(places, default=None)


def _planned(name: str, edits: Sequence[Edit], values: Mapping[str, Any]) -> Plan:
    if any(edit.key for edit in edits):
        raise NotExpressible("reward components: its tasks pay one reward")
    require_expressible({edit.name: None for edit in edits})
    plan = Plan(name=name, arm=Arm.FIX, values=values, edits={edit.name: edit.value for edit in edits})
    try:
        recipe(plan.trained_with)
    except (ValueError, TypeError) as error:
        raise RundoctorError(f"{name} cannot be replayed: {error}", "correct the config") from error
    return plan


def _pairs(found: Sequence[tuple[Fix, Plan]], named: Sequence[str]) -> Iterator[Plan]:
    """Two fixes at once: those the user named, or the first one of the ranking with what goes with it.

    Rivals are no pair: where both edit one key, or one leaves the other no trace, as a dropped clip does a wider one.
    """
    for (one, left), (two, right) in combinations(found, 2):
        together = one.name in two.goes_with and found[0][0] is one
        if (named or together) and not left.edits.keys() & right.edits.keys():
            edits = {**left.edits, **right.edits}
            pair = Plan(name=f"{one.name}+{two.name}", arm=Arm.FIX, values=left.values, edits=edits)
            if not pair.trains_as(left) and not pair.trains_as(right):
                yield pair
