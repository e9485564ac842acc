"""From a diagnosis to a patch: which fixes are tried for which cause, and which go into the default patch.

The default patch treats the first cause, and each further cause that explains a symptom the ones before it leave
open. Of the fixes of one cause it takes the first that the config can express; alternatives are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rundoctor.errors import UnknownName
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.frameworks import framework_named
from rundoctor.model import Diagnosed, Diagnosis, Fix, Missing, NeedsCode, Patch, Proposal, Refused, Run
from rundoctor.patching import make_patch


def patch(run: Run, diagnosis: Diagnosis, *, fixes: Iterable[str] = ()) -> Patch:
    """Return the config patch for a diagnosed run.

    Args:
        run: the run whose config is edited.
        diagnosis: what is wrong with it.
        fixes: names of the fixes to apply instead of the default choice.

    Raises:
        UnknownName: a fix of that name does not exist.
    """
    book, framework = FactBook(run), framework_named(run.format)
    chosen = _named(fixes)
    if run.config is not None and run.config.patched_since:
        return _wait(run.config.patched_since, chosen or _first_fixes(diagnosis))
    if chosen:
        return make_patch(run, [(fix, _propose(fix, book)) for fix in chosen], framework)
    taken: list[tuple[Fix, Proposal]] = []
    needs_code: list[NeedsCode] = []
    refused: list[Refused] = []
    for cause in _to_treat(diagnosis):
        if any(cause.rule in fix.treats for fix, _ in taken):
            continue
        for fix in (fix for fix in all_fixes() if cause.rule in fix.treats):
            trial = make_patch(run, [(fix, _propose(fix, book))], framework)
            needs_code += [one for one in trial.needs_code if one not in needs_code]
            refused += [one for one in trial.refused if one not in refused]
            if trial.edits:
                taken.append((fix, _propose(fix, book)))
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


def _named(names: Iterable[str]) -> list[Fix]:
    known = {fix.name: fix for fix in all_fixes()}
    for name in names:
        if name not in known:
            raise UnknownName(f"there is no fix named {name!r}", "rundoctor rules lists them")
    return [known[name] for name in names]


def _propose(fix: Fix, book: FactBook) -> Proposal:
    arguments = book.arguments(fix.needs)
    return Proposal(refused=arguments.reason) if isinstance(arguments, Missing) else fix.propose(**arguments)
