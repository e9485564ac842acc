"""Words and numbers that every report shares."""

from __future__ import annotations

import os.path
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from rundoctor.model import Diagnosed, Diagnosis, Evidence, Report, Run, Verdict
from rundoctor.visible import safe

VERDICT_WORDS = {
    Verdict.HEALTHY: "HEALTHY",
    Verdict.HAZARD: "HAZARD",
    Verdict.SICK: "SICK",
    Verdict.SICK_CAUSE_UNKNOWN: "SICK, CAUSE UNKNOWN",
    Verdict.UNDETERMINED: "UNDETERMINED",
}


def number(value: float) -> str:
    """Return a number in the fewest characters that keep three digits of it: 0.00038, 12.5, 215,572, 3.1e+09."""
    if 1000 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def measured(evidence: Evidence) -> str:
    """Return the observed number and the limit it is held against."""
    if evidence.relation == "=":
        return number(evidence.observed)
    return f"{number(evidence.observed)} {evidence.relation} {number(evidence.limit)}"


def count(amount: int, noun: str) -> str:
    """Return "1 rule", "2 rules"."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def listing(names: Sequence[str], word: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# ---- the verdict -------------------------------------------------------------------------------------------------


def sentence(diagnosis: Diagnosis) -> str:
    """Return the verdict as one sentence, without its word."""
    match diagnosis.verdict:
        case Verdict.SICK if diagnosis.causes:
            return _blame(diagnosis)
        case Verdict.HAZARD if diagnosis.hazards:
            return f"{_first_of(diagnosis.hazards)}: misconfigured, though this log shows no damage from it"
        case Verdict.HEALTHY:
            return f"{count(len(diagnosis.clear), 'rule')} had the data to judge, none found a fault"
        case Verdict.UNDETERMINED:
            return "no rule had the data it needs"
    symptoms = listing([found.rule for found in diagnosis.symptoms if not found.explained_by])
    return f"{symptoms or 'something is wrong'}, and no rule that could be judged explains it"


def _blame(diagnosis: Diagnosis) -> str:
    first = diagnosis.causes[0]
    if first.tied_with:
        fits = "both" if len(first.tied_with) == 1 else "all"
        return f"{listing([first.rule, *first.tied_with], 'or')}: this log fits {fits}"
    seen = {found.rule for found in diagnosis.symptoms}
    explained = listing([name for name in first.explains if name in seen])
    more = len(diagnosis.causes) - 1
    return _first_of(diagnosis.causes) if more else f"{first.rule} explains {explained}" if explained else first.rule


def _first_of(found: Sequence[Diagnosed]) -> str:
    more = len(found) - 1
    return found[0].rule + (f" first, then {more} more" if more else "")


# ---- around it ---------------------------------------------------------------------------------------------------


def size_of(run: Run) -> str:
    """Return the format of a run and how much of it there is."""
    parts = [f"{safe(run.format)} format", count(run.updates, "update")]
    if run.episodes is not None:
        parts.append(count(len(run.episodes), "episode"))
    return ", ".join(parts)


def onset(found: Diagnosed) -> str:
    """Return the name of a finding and the update it begins at."""
    if found.onset is None:
        return found.rule
    return f"{found.rule} (from {f'update {found.onset}' if found.onset else 'the start'})"


def relations(found: Diagnosed, diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    """Yield how a finding hangs together with the others: a label and a text."""
    symptoms = {symptom.rule: symptom for symptom in diagnosis.symptoms}
    explained = [onset(symptoms[name]) for name in found.explains if name in symptoms]
    if explained:
        yield "explains", listing(explained)
    if found.explained_by:
        yield "explained by", listing(found.explained_by)
    yield from (("against", text) for text in found.against)
    if found.tied_with:
        yield "tied with", listing(found.tied_with)
    yield from (("to decide", text) for text in found.decide_by[:1])


def to_judge_more(diagnosis: Diagnosis, most: int = 2) -> str:
    """Return what to log so that most of the skipped rules could be judged."""
    wanted = Counter(safe(skip.enable) for skip in diagnosis.skipped if skip.enable)
    return listing([wish for wish, _ in wanted.most_common(most)])


def coverage(diagnosis: Diagnosis) -> str:
    """Return how many rules are clear and how many could not be judged, and what would change that."""
    text = f"{count(len(diagnosis.clear), 'rule')} clear"
    if diagnosis.skipped:
        text += f", {len(diagnosis.skipped)} could not be judged"
        wish = to_judge_more(diagnosis)
        text += f" (to judge more: {wish})" if wish else ""
    return text


def next_commands(report: Report) -> list[tuple[str, str]]:
    """Return the commands worth typing now, each with what it does."""
    place = _place(report.run)
    commands = []
    if report.patch.diff:
        commands.append((f"rundoctor patch {place}", "print the change; --apply writes it"))
    for found in (*report.diagnosis.causes, *report.diagnosis.hazards, *report.diagnosis.symptoms)[:1]:
        commands.append((f"rundoctor explain {found.rule}", "what it is, why it hurts"))
    return commands


def _place(run: Run) -> str:
    """Return the run as a shell argument, with the config where that lies elsewhere."""
    words = [shlex.quote(run.path)]
    inside = os.path.join(os.path.normpath(run.path), "")
    if run.config is not None and not os.path.normpath(run.config.path).startswith(inside):
        words += ["--config", shlex.quote(run.config.path)]
    return safe(" ".join(words))
