"""Words and numbers that every report shares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rundoctor.model import Diagnosed, Diagnosis, Evidence, Report, Run, Safety, Skipped, Verdict
from rundoctor.safe_text import safe

VERDICT_WORDS = {
    Verdict.HEALTHY: "HEALTHY",
    Verdict.HAZARD: "HAZARD",
    Verdict.SICK: "SICK",
    Verdict.SICK_CAUSE_UNKNOWN: "SICK, CAUSE UNKNOWN",
    Verdict.UNDETERMINED: "UNDETERMINED",
}

NO_FAULT = "none found a fault"
UNPROVEN = "NO FAULT FOUND"
"""In place of HEALTHY where most rules had no data."""
SAFETY_WORDS: dict[str, str] = {
    Safety.SAME_OBJECTIVE: "leaves the objective as it is",
    Safety.NEW_OBJECTIVE: "changes what is optimised",
    Safety.BY_HAND: "by hand",
}
NOT_READ_YET = "not read yet: "
"""Begins the note on a log whose format has no reader."""

_NATIVE_FILE = re.compile(r",? (?:in|or) reward_components_stats\.json")
_DETAILS = re.compile(r" (?:per|in) |,| \(")
"""Where the object of a wish ends and its details begin."""


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


def verdict(diagnosis: Diagnosis) -> str:
    """Return the verdict's word; a run is not called healthy where more rules lack their data than have it."""
    return UNPROVEN if is_unproven(diagnosis) else VERDICT_WORDS[diagnosis.verdict]


def is_unproven(diagnosis: Diagnosis) -> bool:
    """Whether nothing was found and most rules had no data to find anything in."""
    return diagnosis.verdict is Verdict.HEALTHY and len(diagnosis.skipped) > len(diagnosis.clear)


def sentence(report: Report) -> str:
    """Return the verdict as one sentence, without its word."""
    diagnosis = report.diagnosis
    match diagnosis.verdict:
        case Verdict.SICK if diagnosis.causes:
            return _blame(diagnosis)
        case Verdict.HAZARD if diagnosis.hazards:
            unseen = "though this log shows no damage from it" if report.run.updates else "and no log shows its effect"
            return f"{_first_of(diagnosis.hazards)}: misconfigured, {unseen}"
        case Verdict.HEALTHY:
            judged = f"{count(len(diagnosis.clear), 'rule')} had the data to judge"
            return f"{judged}, {len(diagnosis.skipped)} had not" if is_unproven(diagnosis) else f"{judged}, {NO_FAULT}"
        case Verdict.UNDETERMINED if not report.run.updates:
            logs = not_read_yet(report.run)
            return f"there is no log to judge{f'; {logs}' if logs else ''}"
        case Verdict.UNDETERMINED:
            return "no rule that judges the training had the data it needs"
    symptoms = [found.rule for found in diagnosis.symptoms if not found.explained_by]
    them = "them" if len(symptoms) > 1 else "it"
    return f"{listing(symptoms) or 'something is wrong'}, and no rule that could be judged explains {them}"


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
    first, *others = (one.rule for one in found)
    then = others[0] if len(others) == 1 else f"{len(others)} more"
    return f"{first} first, then {then}" if others else first


# ---- around it ---------------------------------------------------------------------------------------------------


def size_of(run: Run) -> str:
    """Return the format of a run and how much of it there is."""
    parts = [f"{safe(run.format)} format", count(run.updates, "logged update" if _is_sparse(run) else "update")]
    if run.episodes is not None:
        parts.append(count(len(run.episodes), "episode"))
    return ", ".join(parts)


def _is_sparse(run: Run) -> bool:
    """Whether the log has one row for several updates."""
    longest = max(run.curves.values(), key=len, default=None)
    return longest is not None and len(longest) > 1 and longest.step[-1] - longest.step[0] >= 2 * (len(longest) - 1)


def begin(onset: int, run: Run) -> str:
    """Return "from the first update on", "from update 18 on"."""
    steps = [int(part[0]) for curve in run.curves.values() for part in (curve.step, curve.broken) if len(part)]
    return f"from {'the first update' if onset <= min(steps, default=0) else f'update {onset:,}'} on"


def starting(found: Diagnosed, run: Run) -> str:
    """Return the name of a finding and the update it begins at."""
    return found.rule if found.onset is None else f"{found.rule} ({begin(found.onset, run)})"


def relations(found: Diagnosed, report: Report) -> Iterator[tuple[str, str]]:
    """Yield how a finding hangs together with the others: a label and a text."""
    symptoms = {symptom.rule: symptom for symptom in report.diagnosis.symptoms}
    explained = [starting(symptoms[name], report.run) for name in found.explains if name in symptoms]
    if explained:
        yield "explains", listing(explained)
    if found.explained_by:
        yield "explained by", listing(found.explained_by)
    yield from (("against", text) for text in found.against)
    if found.tied_with:
        yield "tied with", listing(found.tied_with)
    yield from (("to decide", text) for text in found.decide_by[:1])


def coverage(report: Report) -> str:
    """Return how many rules are clear and how many could not be judged, and what would change that."""
    diagnosis = report.diagnosis
    text = f"{count(len(diagnosis.clear), 'rule')} clear"
    if diagnosis.verdict is Verdict.UNDETERMINED and diagnosis.clear and not report.run.updates:
        text += " from the config alone"
    if diagnosis.skipped:
        text += f", {len(diagnosis.skipped)} could not be judged"
        wish = "" if not_read_yet(report.run) else to_judge_more(report)
        text += f" (to judge more: {wish})" if wish else ""
    return text


# ---- what to log -------------------------------------------------------------------------------------------------


def not_read_yet(run: Run) -> str:
    """Return which logs lie there and have no reader yet, or an empty string."""
    found = [note for read in run.inputs for note in read.notes if note.startswith(NOT_READ_YET)]
    return NOT_READ_YET + listing([safe(note.removeprefix(NOT_READ_YET)) for note in found]) if found else ""


def unusable(run: Run) -> str:
    """Return which files of the run gave nothing, and why, or an empty string."""
    on_purpose = ("listed, not ", NOT_READ_YET)
    found = [f"{read.file} ({note})" for read in run.inputs if not read.read for note in read.notes[:1]]
    found = [text for text in found if not any(f" ({note}" in text for note in on_purpose)]
    return listing(list(map(safe, found)))


def wish(skip: Skipped, run: Run) -> str:
    """Return what to log for a rule, without the file names of a trainer that did not write this run."""
    return safe(skip.enable if run.format == "rundoctor" else _NATIVE_FILE.sub("", skip.enable))


def to_judge_more(report: Report, most: int = 2) -> str:
    """Return what to log so that most of the skipped rules could be judged, no wish twice."""
    wishes = Counter(filter(None, (wish(skip, report.run) for skip in report.diagnosis.skipped)))
    by_object: dict[str, str] = {}
    for text, _ in wishes.most_common():
        by_object.setdefault(_DETAILS.split(text)[0], text)
    wanted = list(by_object.values())[:most]
    verbs = {text.partition(" ")[0] for text in wanted}
    if len(wanted) > 1 and len(verbs) == 1:
        wanted[1:] = [text.partition(" ")[2] for text in wanted[1:]]
    return listing(wanted)
