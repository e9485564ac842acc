"""Answers as Markdown tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from scoring.answers import WHOLE, Answer
from scoring.calibration import Figure, auroc, bootstrap, brier, brier_skill, calibration_error
from scoring.rates import Rate, rate

SHOWN = 3
"""Causes that a report is expected to be read for."""


FIGURES: dict[str, Figure] = {
    "calibration error": calibration_error,
    "Brier score": brier,
    "Brier skill over the base rate": brier_skill,
    "AUROC": auroc,
}


class Groups:
    """Answers by what is asked of them."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        judged = [one for one in answers if one.run.group != "unjudged"]
        sick = [one for one in judged if one.run.group == "effective"]
        self.healthy = [one for one in judged if one.run.group == "healthy"]
        self.harmless = [one for one in judged if one.run.group == "harmless" and one.run.accept]
        self.hidden = [one for one in sick if not one.shown]
        """Faults that left no evidence in these files."""
        self.named = [one for one in sick if one.shown and one.run.accept]
        """Faults with an accepted name: those of top 1 and top 3."""
        self.unnamed = [one for one in sick if one.shown and not one.run.accept]
        """Faults that no rule was made for."""

    def top(self, first: int) -> Rate:
        return rate(one.hit(first) for one in self.named)

    @property
    def alarms(self) -> Rate:
        return rate(bool(one.causes) for one in self.healthy)

    @property
    def errors(self) -> Rate:
        return rate(any(cause.error for cause in one.causes) for one in self.healthy)


def page(answers: Sequence[Answer]) -> str:
    """Everything that is said of one set of runs."""
    whole = [one for one in answers if one.judge == WHOLE]
    parts = [
        population(whole),
        f"### By what is read, and by judge\n\n{breakdown('judge', answers, lambda one: one.judge)}",
        f"### All faults\n\n{outcomes(whole)}",
        *(f"### By {name}\n\n{breakdown(name, whole, key)}" for name, key in KEYS.items()),
        f"### Confidence\n\n{confidence(answers)}",
        f"### Delay\n\n{delays(whole)}",
        f"### Misses and false alarms\n\n{misses(whole)}",
    ]
    return "\n\n".join(parts) + "\n"


KEYS: dict[str, Callable[[Answer], str]] = {
    "fault": lambda one: one.run.fault,
    "task": lambda one: one.run.task,
    "format": lambda one: one.run.format,
    "trainer": lambda one: one.run.trainer,
    "config": lambda one: "shows the fault" if one.run.visible else "does not show it",
    "odd setting": lambda one: "with one" if one.run.odd else "without",
}


def figures(answers: Sequence[Answer]) -> dict[str, object]:
    """What the ledger keeps of a scoring."""
    whole = [one for one in answers if one.judge == WHOLE]
    group, stated = Groups(whole), Stated(whole)
    return {
        "top_1": f"{group.top(1).hits}/{group.top(1).runs}",
        f"top_{SHOWN}": f"{group.top(SHOWN).hits}/{group.top(SHOWN).runs}",
        "alarms": f"{group.alarms.hits}/{group.alarms.runs}",
        "errors": f"{group.errors.hits}/{group.errors.runs}",
        "calibration_error": stated.figure(calibration_error),
        "brier_skill": stated.figure(brier_skill),
    }


def population(answers: Sequence[Answer]) -> str:
    counts = Counter(one.run.group for one in answers)
    seeds = {one.run.seed for one in answers}
    listed = ", ".join(f"{counts[group]} {group}" for group in ("effective", "harmless", "healthy", "unjudged"))
    runs = len({one.run.name for one in answers})
    return f"{runs} runs of {len(seeds)} seeds, {len(answers)} logs: {listed}."


def breakdown(name: str, answers: Sequence[Answer], key: Callable[[Answer], str]) -> str:
    """Hits and alarms by a property; a healthy run counts for the properties that it has."""
    by_key: dict[str, list[Answer]] = {}
    for one in answers:
        by_key.setdefault(key(one), []).append(one)
    by_key.pop("", None)
    rows = []
    for value, found in by_key.items() if name == "judge" else sorted(by_key.items()):
        group = Groups(found)
        rows.append([value, group.top(1), group.top(SHOWN), group.alarms, group.errors])
    rows = [row for row in rows if any(cell.runs for cell in row[1:])]
    return table([name, "right first", f"right in the first {SHOWN}", "healthy with a cause", "healthy at error"], rows)


def outcomes(answers: Sequence[Answer]) -> str:
    """The figures that are no hits and no alarms."""
    group = Groups(answers)
    unknown = rate(one.verdict == "sick-cause-unknown" for one in group.unnamed)
    rows = [
        ["did damage, has an accepted name: right first", group.top(1)],
        [f"the same: right in the first {SHOWN}", group.top(SHOWN)],
        ["did damage, no rule was made for it: no cause is named", rate(one.hit(1) for one in group.unnamed)],
        ["the same: called sick, cause unknown", unknown],
        ["did damage, the files cannot show it: no cause is named", rate(not one.causes for one in group.hidden)],
        ["the same: a cause at error that is not accepted", rate(one.erred for one in group.hidden)],
        ["harmless: named as cause or hazard", rate(one.named for one in group.harmless)],
        ["harmless: another cause at error", rate(one.erred for one in group.harmless)],
        ["healthy: a cause at warning or error", group.alarms],
        ["healthy: a cause at error", group.errors],
    ]
    return table(["runs", "share (95 % interval)"], rows)


class Stated:
    """The probabilities that the first causes were given, or all of them, and which of them were right."""

    def __init__(self, answers: Iterable[Answer], first: int | None = 1) -> None:
        named = [(one.run, cause) for one in answers if one.run.group != "unjudged" for cause in one.causes[:first]]
        named = [(run, cause) for run, cause in named if cause.confidence is not None]
        self.p = np.array([cause.confidence for _, cause in named], dtype=float)
        self.right = np.array([cause.rule in run.accept for run, cause in named], dtype=bool)
        self.runs = [run.name for run, _ in named]

    def figure(self, figure: Figure) -> float | None:
        return round(figure(self.p, self.right), 4) if len(self.p) else None


def confidence(answers: Sequence[Answer]) -> str:
    """How well the stated probability says whether a cause is right: of the first causes, and of all in whole logs."""
    whole = [one for one in answers if one.judge == WHOLE]
    views = {WHOLE: Stated(whole), "every view": Stated(answers), f"{WHOLE}, not the first alone": Stated(whole, None)}
    if not views[WHOLE].runs:
        return "None is stated."
    rows: list[list[object]] = [
        ["causes", *(len(stated.runs) for stated in views.values())],
        ["right", *(f"{stated.right.mean():.1%}" for stated in views.values())],
    ]
    rows += [[name, *(_with_interval(stated, figure) for stated in views.values())] for name, figure in FIGURES.items()]
    return table(["figure (95 % bootstrap interval over runs)", *views], rows)


def _with_interval(stated: Stated, figure: Figure) -> str:
    low, high = bootstrap(figure, stated.p, stated.right, stated.runs)
    return f"{stated.figure(figure):.3f} ({low:.3f} to {high:.3f})"


def delays(answers: Sequence[Answer]) -> str:
    """By fault with a known start, how long after it the accepted cause says it began."""
    by_fault: dict[str, list[int]] = {}
    for one in Groups(answers).named:
        if one.delay is not None:
            by_fault.setdefault(one.run.fault, []).append(one.delay)
    rows = [
        [fault, len(found), f"{np.median(found):.0f} ({min(found)} to {max(found)})"]
        for fault, found in sorted(by_fault.items())
    ]
    return table(["fault", "logs", "median updates from start to onset (range)"], rows) if rows else "No known starts."


def misses(answers: Sequence[Answer]) -> str:
    """Every log that got a wrong answer, and the answer."""
    group = Groups(answers)
    wrong = [
        *(one for one in group.named if not one.hit(1)),
        *(one for one in group.unnamed if one.causes),
        *(one for one in group.harmless if one.erred),
        *(one for one in group.healthy if one.causes),
    ]
    return table(["run", "format", "class", "kept", "accepted", "said"], [_row(one) for one in wrong])


def _row(one: Answer) -> list[object]:
    said = [f"{cause.rule}{' (error)' if cause.error else ''}" for cause in one.causes[:SHOWN]]
    kept = "-" if one.run.kept is None else f"{one.run.kept:.2f}"
    accepted = ", ".join(one.run.accept) or "-"
    return [one.run.name, one.run.format, one.run.group, kept, accepted, ", ".join(said) or one.verdict]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
