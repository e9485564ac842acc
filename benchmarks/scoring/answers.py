"""What was said of a labelled run, and whether that was right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track

import rundoctor
from rundoctor.model import Diagnosed, Diagnosis, Run, Severity
from scoring import views
from scoring.baselines import BASELINES
from scoring.evidence import can_show, start
from scoring.labelled import Labelled

WHOLE = "full"
LENGTHS = (8, 12, 20)
VIEWS: dict[str, Callable[[Run], Run]] = {
    WHOLE: lambda run: run,
    "minimal": views.minimal,
    "no config": views.without_config,
    **{f"first {count}": lambda run, count=count: views.first_updates(run, count) for count in LENGTHS},
}


@dataclass(frozen=True)
class Said:
    """One cause that was named, at warning or error."""

    rule: str
    error: bool = False
    confidence: float | None = None
    onset: int | None = None
    cause: Diagnosed | None = None
    """As rundoctor names it; None of a simpler judge."""


@dataclass(frozen=True)
class Answer:
    """What one judge said of one run: rundoctor in one view, or a simpler judge."""

    run: Labelled
    judge: str
    causes: tuple[Said, ...]
    """The first cause first."""
    hazards: tuple[str, ...] = ()
    verdict: str = ""
    updates: int | None = None
    """Updates that were seen; None for all."""
    first_step: int = 0
    """Number that the log gives to the first update."""

    def hit(self, first: int) -> bool:
        """Whether an accepted name stands among the first causes; without one, whether no cause is named."""
        if not self.run.accept:
            return not self.causes
        return any(cause.rule in self.run.accept for cause in self.causes[:first])

    @property
    def shown(self) -> bool:
        """Whether the files can show the fault at all."""
        return can_show(self.run, self.updates)

    @property
    def named(self) -> bool:
        """Whether an accepted name stands anywhere among causes and hazards."""
        return bool({*(cause.rule for cause in self.causes), *self.hazards} & set(self.run.accept))

    @property
    def erred(self) -> bool:
        """Whether a cause at error is not an accepted one."""
        return any(cause.error and cause.rule not in self.run.accept for cause in self.causes)

    @property
    def delay(self) -> int | None:
        """Updates from the fault's start to the reported onset of the accepted cause, where both are known."""
        onset = next((cause.onset for cause in self.causes if cause.rule in self.run.accept), None)
        if onset is None or self.run.change_at is None or not self.run.updates:
            return None
        return onset - self.first_step - start(self.run)


def answers(runs: Sequence[Labelled], judges: Sequence[str] = (*VIEWS, *BASELINES)) -> Iterator[Answer]:
    """What every judge says of every run."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(_of_one, runs, [judges] * len(runs), chunksize=8)
        for several in track(found, "runs", total=len(runs), console=Console(stderr=True)):
            yield from several


def _of_one(labelled: Labelled, judges: Sequence[str]) -> list[Answer]:
    run = rundoctor.read_run(labelled.place)
    return [_answer(labelled, run, judge) for judge in judges]


def _answer(labelled: Labelled, run: Run, judge: str) -> Answer:
    if judge in BASELINES:
        return Answer(labelled, judge, tuple(Said(rule) for rule in BASELINES[judge](run)))
    seen = VIEWS[judge](run)
    return diagnosed(labelled, judge, seen, rundoctor.diagnose(seen))


def diagnosed(labelled: Labelled, judge: str, seen: Run, diagnosis: Diagnosis) -> Answer:
    """What counts of a diagnosis."""
    causes = [cause for cause in diagnosis.causes if cause.severity in {Severity.WARNING, Severity.ERROR}]
    return Answer(
        labelled,
        judge,
        causes=tuple(_said(one) for one in causes),
        hazards=tuple(one.rule for one in diagnosis.hazards),
        verdict=diagnosis.verdict.value,
        updates=int(judge.removeprefix("first ")) if judge.startswith("first ") else None,
        first_step=min((int(curve.step[0]) for curve in seen.curves.values() if len(curve.step)), default=0),
    )


def _said(cause: Diagnosed) -> Said:
    return Said(cause.rule, cause.severity is Severity.ERROR, cause.confidence, cause.onset, cause)
