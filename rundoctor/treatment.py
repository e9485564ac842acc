"""From a diagnosis to a patch: which fixes are tried for which cause, and which go into the default patch.

The default patch treats the first cause, and each further cause that explains a symptom the ones before it leave
open. Of the fixes of one cause it takes the first that the config can express; alternatives for one fault are never
mixed, not even where the user names them: the first one named is taken, and the others are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rundoctor.errors import UnknownName
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.frameworks import Framework, framework_named
from rundoctor.model import Diagnosed, Diagnosis, Fix, Missing, NeedsCode, Patch, Proposal, Refused, Run
from rundoctor.patching import make_patch


def patch(run: Run, diagnosis: Diagnosis, *, fixes: Iterable[str] = (), tried_together: bool = False) -> Patch:
    """Return the config patch for a diagnosed run.

    Args:
        run: the run whose config is edited.
        diagnosis: what is wrong with it.
        fixes: names of the fixes to apply instead of the default choice.
        tried_together: whether a replay has tried these fixes as one, so that none is a rival of another.

    Raises:
        UnknownName: a fix of that name does not exist.
    """
    book, framework = FactBook(run), framework_named(run.format)
    chosen = _named(fixes)
    if run.config is not None and run.config.patched_since:
        return _wait(run.config.patched_since, chosen or _first_fixes(diagnosis))
    if tried_together:
        return make_patch(run, [(fix, propose(fix, book)) for fix in chosen], framework)
    if chosen:
        return make_patch(run, _without_rivals(chosen, run, diagnosis, book, framework), framework)
    return _default(run, diagnosis, book, framework)


def _default(run: Run, diagnosis: Diagnosis, book: FactBook, framework: Framework) -> Patch:
    """What treats the causes that a minimal patch has to treat."""
    taken: list[tuple[Fix, Proposal]] = []
    needs_code: list[NeedsCode] = []
    refused: list[Refused] = []
    for cause in _to_treat(diagnosis):
        if any(cause.rule in fix.treats for fix, _ in taken):
            continue
        for fix in (fix for fix in all_fixes() if cause.rule in fix.treats):
            trial = make_patch(run, [(fix, propose(fix, book))], framework)
            needs_code += [one for one in trial.needs_code if one not in needs_code]
            refused += [one for one in trial.refused if one not in refused]
            if trial.edits:
                taken.append((fix, propose(fix, book)))
                break
    whole = make_patch(run, taken, framework)
    return Patch(
        edits=whole.edits,
        diff=whole.diff,
        new_text=whole.new_text,
        needs_code=tuple(needs_code),
        refused=tuple(refused) + whole.refused,
    )


def _wait(config: str, fixes: Iterable[Fix]) -> Patch:
    """Refuse to patch a config that no log has tried yet."""
    reason = f"{config} was changed after this log was written: train with it first"
    return Patch(refused=tuple(Refused(fix=fix.name, reason=reason) for fix in fixes))


def _first_fixes(diagnosis: Diagnosis) -> list[Fix]:
    causes = [cause.rule for cause in _to_treat(diagnosis)]
    firsts = [next((fix for fix in all_fixes() if cause in fix.treats), None) for cause in causes]
    return list(dict.fromkeys(fix for fix in firsts if fix is not None))


def _to_treat(diagnosis: Diagnosis) -> Iterator[Diagnosed]:
    """The causes that a minimal patch has to treat, in rank order."""
    open_symptoms = {symptom.rule for symptom in diagnosis.symptoms}
    for cause in diagnosis.causes:
        if cause.rank == 1 or open_symptoms & set(cause.explains):
            yield cause
            open_symptoms -= set(cause.explains)


def _without_rivals(
    chosen: Iterable[Fix], run: Run, diagnosis: Diagnosis, book: FactBook, framework: Framework
) -> list[tuple[Fix, Proposal]]:
    """The proposals of the named fixes; one for a fault that an earlier one already edits the config for is refused."""
    present = {cause.rule for cause in diagnosis.causes + diagnosis.hazards}
    taken: list[Fix] = []
    proposals: list[tuple[Fix, Proposal]] = []
    for fix in chosen:
        faults = _faults(fix, present)
        rival = next((other for other in taken if faults & _faults(other, present)), None)
        proposal = propose(fix, book)
        if rival is not None and not proposal.refused:
            shared = min(faults & _faults(rival, present))
            proposal = Proposal(refused=f"an alternative to {rival.name}: both are for {shared}")
        elif make_patch(run, [(fix, proposal)], framework).edits:
            taken.append(fix)
        proposals.append((fix, proposal))
    return proposals


def _faults(fix: Fix, present: set[str]) -> set[str]:
    """What a named fix is for: the faults of this run that it treats, else those it is offered for, else all."""
    treats, offered_for = set(fix.treats), set(fix.offered_for)
    return treats & present or offered_for & present or treats | offered_for


def _named(names: Iterable[str]) -> list[Fix]:
    known = {fix.name: fix for fix in all_fixes()}
    names = list(dict.fromkeys(names))
    for name in names:
        if name not in known:
            raise UnknownName(f"there is no fix named {name!r}", "rundoctor rules lists them")
    return [known[name] for name in names]


def propose(fix: Fix, book: FactBook) -> Proposal:
    """What a fix would do to the run of these facts."""
    arguments = book.arguments(fix.needs)
    return Proposal(refused=arguments.reason) if isinstance(arguments, Missing) else fix.propose(**arguments)
