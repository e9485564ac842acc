"""From facts to a ranked diagnosis.

Every rule that has its facts is run. A cause's finding stands

- as a **cause** where a symptom it explains is there, or where the log itself shows its mechanism at work, which is
  what ``binding`` says;
- as a **hazard** otherwise, and always where no symptom is there and the run has reached its ceiling: a real
  misconfiguration without visible damage.

A cause without a symptom is a warning at most, but for non-finite losses. Causes are ranked by

    score = strength x coverage x 0.6^(number of things against it)
    strength = that of the strongest evidence
    coverage = 1/2 + 1/2 x symptoms it explains / symptoms there are        (1 without symptoms)

Two causes of the same symptoms whose scores differ by less than ``TIE`` are tied: the files cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rundoctor.confidence import confidence
from rundoctor.discover import discover
from rundoctor.errors import UnknownName
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.model import Diagnosed, Diagnosis, Finding, Kind, Missing, Rule, Run, Severity, Skipped, Verdict

TIE = 0.05
"""Largest difference of two scores that the evidence of three files cannot tell apart."""
ON_THE_REWARD = ("no-learning", "reward-unstable")
"""Rules on the mean reward: without one of them nothing was found and nothing says that the run is well."""
CONTRADICTED = "config-contradicted-by-log"
"""A cause only where no rule accuses the setting itself."""
NON_FINITE = "non-finite-update"
"""The one cause that stands before all others: after it no number means what it meant."""


def all_rules() -> list[Rule]:
    """Return every rule, by name."""
    return discover("rundoctor.rules", Rule)


def diagnose(
    run: Run,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Mapping[str, float] | None = None,
) -> Diagnosis:
    """Run the rules on a run and rank what they find.

    Args:
        run: what was read.
        select: names of the rules to run; all when empty.
        ignore: names of the rules not to run.
        limits: thresholds to replace, ``{"value-clip-too-tight.tight": 0.05}``.

    Raises:
        UnknownName: a rule or a limit of that name does not exist.
    """
    rules = _with_limits(_chosen(all_rules(), set(select), set(ignore)), limits or {})
    book = FactBook(run)
    return arranged([examine(rule, book) for rule in rules], book)


# ---- running one rule ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A finding and the rule that made it."""

    rule: Rule
    finding: Finding


@dataclass(frozen=True)
class Outcome:
    """What became of one rule: found, clear, or skipped because."""

    rule: Rule
    found: tuple[Found, ...] = ()
    skipped: Skipped | None = None


def examine(rule: Rule, book: FactBook) -> Outcome:
    """Run one rule on the facts it asks for; a rule that fails is skipped, because it failed."""
    try:
        arguments = book.arguments(rule.needs)
        if isinstance(arguments, Missing):
            return Outcome(rule, skipped=Skipped(rule=rule.name, reason=arguments.reason, enable=arguments.log))
        if rule.limits is not None:
            arguments["limits"] = rule.limits
        said = list(rule.check(**arguments))
        found = tuple(Found(rule, finding) for finding in said if isinstance(finding, Finding))
        blind = next((one for one in said if isinstance(one, Missing)), None)
        if blind is not None and not found:
            return Outcome(rule, skipped=Skipped(rule=rule.name, reason=blind.reason, enable=blind.log))
        return Outcome(rule, found=found)
    except Exception as error:  # one broken rule must not hide what the others found
        reason = f"the rule failed: {type(error).__name__}: {error}"
        return Outcome(rule, skipped=Skipped(rule=rule.name, reason=reason, enable="report it with this run"))


def _chosen(rules: list[Rule], select: set[str], ignore: set[str]) -> list[Rule]:
    known = {rule.name for rule in rules}
    for name in sorted((select | ignore) - known):
        raise UnknownName(f"there is no rule named {name!r}", "rundoctor rules lists them")
    return [rule for rule in rules if rule.name not in ignore and (not select or rule.name in select)]


def _with_limits(rules: list[Rule], limits: Mapping[str, float]) -> list[Rule]:
    changes: dict[str, dict[str, float]] = {}
    for key, value in limits.items():
        name, _, field = key.partition(".")
        rule = next((rule for rule in all_rules() if rule.name == name), None)
        if rule is None or rule.limits is None or field not in rule.limits._fields:
            raise UnknownName(f"there is no limit named {key!r}", "write RULE.field=VALUE; rundoctor explain RULE")
        changes.setdefault(name, {})[field] = value
    return [
        replace(rule, limits=rule.limits._replace(**changes[rule.name])) if rule.name in changes else rule
        for rule in rules
    ]


def _without_repetition(found: list[Found]) -> list[Found]:
    """Fold a contradicted setting into the finding that accuses the same setting, unless the log acquits that one."""
    kept = [one for one in found if one.rule.name != CONTRADICTED]
    for one in (one for one in found if one.rule.name == CONTRADICTED):
        accusing = (k for k, other in enumerate(kept) if _accuses(other.finding, one.finding.about))
        place = next(accusing, None)
        if place is None:
            kept.append(one)
        else:
            host = kept[place]
            evidence = host.finding.evidence + one.finding.evidence
            kept[place] = Found(host.rule, replace(host.finding, evidence=evidence))
    return kept


def _accuses(finding: Finding, setting: str) -> bool:
    return finding.about == setting and not finding.acquitted


# ---- putting findings in their place ---------------------------------------------------------------------------


def arranged(outcomes: list[Outcome], book: FactBook) -> Diagnosis:
    """Put what the rules found in its place: causes by rank, hazards, symptoms, remarks, and what was skipped."""
    found = _without_repetition([finding for outcome in outcomes for finding in outcome.found])
    symptoms = [one for one in found if one.rule.kind is Kind.SYMPTOM]
    present = {one.rule.name for one in symptoms}
    candidates = [one for one in found if one.rule.kind is Kind.CAUSE]
    causes = [one for one in candidates if _stands(one, present, book.get("reached_ceiling"))]
    ranked = tuple(replace(cause, confidence=confidence(cause)) for cause in _ranked(causes, present))
    explained = {name for cause in ranked for name in cause.explains}
    by_cause = {name: tuple(cause.rule for cause in ranked if name in cause.explains) for name in explained}
    hazards = [_diagnosed(one, severity=Severity.WARNING) for one in candidates if one not in causes]
    remarks = [one for one in found if one.rule.kind is Kind.REMARK]
    skipped = tuple(outcome.skipped for outcome in outcomes if outcome.skipped)
    return Diagnosis(
        verdict=_verdict(bool(ranked), bool(symptoms), bool(hazards), outcomes, book.run),
        causes=ranked,
        symptoms=tuple(_diagnosed(one, explained_by=by_cause.get(one.rule.name, ())) for one in symptoms),
        hazards=tuple(hazards),
        remarks=tuple(_diagnosed(one) for one in remarks),
        skipped=skipped,
        clear=tuple(outcome.rule.name for outcome in outcomes if not outcome.found and not outcome.skipped),
    )


def _stands(one: Found, present: set[str], reached_ceiling: bool) -> bool:
    if one.finding.acquitted:
        return False
    return bool(present & set(one.rule.explains)) or (one.finding.binding and not reached_ceiling)


def _ranked(causes: list[Found], present: set[str]) -> tuple[Diagnosed, ...]:
    scored = sorted(((score(one, present), one) for one in causes), key=lambda pair: (-pair[0], pair[1].rule.name))
    return tuple(
        _diagnosed(
            one,
            rank=rank,
            severity=one.rule.severity if _is_visible(one, present) else Severity.WARNING,
            explains=tuple(name for name in one.rule.explains if name in present),
            tied_with=tuple(
                other.rule.name
                for value, other in scored
                if other.rule is not one.rule
                and abs(value - points) <= TIE
                and set(other.rule.explains) & set(one.rule.explains)
            ),
        )
        for rank, (points, one) in enumerate(scored, start=1)
    )


def _is_visible(one: Found, present: set[str]) -> bool:
    """Whether the damage shows: in a symptom, or in a loss that is no number."""
    return bool(present & set(one.rule.explains)) or one.rule.name == NON_FINITE


def score(one: Found, present: set[str]) -> float:
    """Return the rank score of a cause; the formula stands at the top of the module."""
    strength = max((evidence.strength for evidence in one.finding.evidence), default=0.0)
    coverage = 0.5 + 0.5 * len(present & set(one.rule.explains)) / len(present) if present else 1.0
    first = 1.0 if one.rule.name == NON_FINITE else 0.0
    return float(first + strength * coverage * 0.6 ** len(one.finding.against))


def _diagnosed(one: Found, *, severity: Severity | None = None, **place: object) -> Diagnosed:
    finding = one.finding
    return Diagnosed(
        rule=one.rule.name,
        severity=severity or one.rule.severity,
        message=finding.message,
        evidence=finding.evidence,
        where=finding.where,
        onset=finding.onset,
        against=finding.against,
        decide_by=finding.decide_by,
        fixes=tuple(fix.name for fix in all_fixes() if one.rule.name in fix.treats + fix.offered_for),
        **place,  # type: ignore[arg-type]
    )


def _verdict(causes: bool, symptoms: bool, hazards: bool, outcomes: list[Outcome], run: Run) -> Verdict:
    if causes:
        return Verdict.SICK
    if symptoms:
        return Verdict.SICK_CAUSE_UNKNOWN
    if hazards:
        return Verdict.HAZARD
    judged = any(outcome.rule.name in ON_THE_REWARD and not outcome.skipped for outcome in outcomes)
    return Verdict.HEALTHY if judged and run.updates else Verdict.UNDETERMINED
