"""What a diagnosis said of a labelled run, and whether that was right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import rundoctor
from rundoctor.model import Diagnosis, Run, Severity
from scoring import views
from scoring.labelled import Labelled

LENGTHS = (8, 12, 20)
VIEWS: dict[str, Callable[[Run], Run]] = {
    "full": lambda run: run,
    "minimal": views.minimal,
    "no config": views.without_config,
    **{f"first {count}": lambda run, count=count: views.first_updates(run, count) for count in LENGTHS},
}


@dataclass(frozen=True)
class Said:
    """One cause that was named, at warning or error."""

    rule: str
    error: bool
    confidence: float | None
    onset: int | None


@dataclass(frozen=True)
class Answer:
    """One run seen in one way."""

    run: Labelled
    view: str
    causes: tuple[Said, ...]
    """The first cause first."""
    hazards: tuple[str, ...]
    verdict: str

    def hit(self, first: int) -> bool:
        """Whether an accepted name stands among the first causes; without one, whether no cause is named."""
        if not self.run.accept:
            return not self.causes
        return any(cause.rule in self.run.accept for cause in self.causes[:first])

    @property
    def named(self) -> bool:
        """Whether an accepted name stands anywhere among causes and hazards."""
        return bool({*(cause.rule for cause in self.causes), *self.hazards} & set(self.run.accept))

    @property
    def strayed(self) -> bool:
        """Whether a cause at error is not an accepted one."""
        return any(cause.error and cause.rule not in self.run.accept for cause in self.causes)


def answers(runs: Iterable[Labelled], shown: Iterable[str] = VIEWS) -> Iterator[Answer]:
    """Diagnose every run in every view; one that cannot be read has no causes."""
    chosen = [(name, VIEWS[name]) for name in shown]
    for labelled in runs:
        run = rundoctor.read_run(labelled.place)
        for name, view in chosen:
            yield answer(labelled, name, rundoctor.diagnose(view(run)))


def answer(run: Labelled, view: str, diagnosis: Diagnosis) -> Answer:
    """What counts of a diagnosis."""
    causes = [cause for cause in diagnosis.causes if cause.severity in {Severity.WARNING, Severity.ERROR}]
    return Answer(
        run=run,
        view=view,
        causes=tuple(Said(one.rule, one.severity is Severity.ERROR, one.confidence, one.onset) for one in causes),
        hazards=tuple(one.rule for one in diagnosis.hazards),
        verdict=diagnosis.verdict.value,
    )
