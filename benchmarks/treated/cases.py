"""The cases: faults that did damage and stand in the config, on tasks where learning stands out from luck."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from corpus.faults import FAULTS
from corpus.labels import Curve, Usual, late, usual
from corpus.plan import Planned, everything
from corpus.tasks import TASKS
from scoring.evidence import SHOWN_BY

CASES = 30
STANDS_OUT = 5.0
"""Smallest improvement of the healthy twins, each from its own first returns, over its deviation."""
ALIKE = 0.15
"""The ends of all healthy twins lie within this share of the improvement."""


@dataclass(frozen=True)
class Case:
    """A sick run of the corpus and its healthy twin."""

    sick: Planned
    twin: Planned
    usual: Usual
    """What the healthy runs of the task under the trainer reach."""
    corpus: Path

    @property
    def name(self) -> str:
        return self.sick.job.name

    @property
    def place(self) -> Path:
        """The files that are diagnosed: those its trainer writes, or the ones that can show the fault."""
        native = "sb3" if self.sick.job.trainer == "sb3" else "files"
        shown = SHOWN_BY.get(self.sick.fault, (native,))
        return self.corpus / self.name / (native if native in shown else shown[0])

    def improvement(self, curve: Curve) -> float:
        """Share of the usual healthy improvement."""
        return (late(curve, self.usual.start) - self.usual.start) / (self.usual.end - self.usual.start)


class Corpus:
    """The trained runs and their labels."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.runs = {planned.job.name: planned for planned in everything()}

    def curve(self, name: str) -> Curve:
        found: Curve = json.loads((self.root / name / "curve.json").read_text(encoding="utf-8"))
        return found

    def died(self, name: str) -> bool:
        return bool(json.loads((self.root / name / "label.json").read_text(encoding="utf-8"))["died"])

    @cached_property
    def levels(self) -> dict[tuple[str, str], Usual]:
        """By task and trainer, those alone whose healthy twins learn, and learn alike."""
        return {key: known for key, curves in self._twins().items() if _tells(known := usual(curves), curves)}

    def cases(self, count: int = CASES) -> list[Case]:
        """Fault types first, then tasks and trainers that few cases have so far."""
        on_test_tasks = (run for run in self.runs.values() if not TASKS[run.job.task].tuning)
        open_cases = [self._case(run) for run in on_test_tasks if self._qualifies(run)]
        chosen: list[Case] = []
        while open_cases and len(chosen) < count:
            for fault in FAULTS:
                of_fault = [case for case in open_cases if case.sick.fault == fault]
                if of_fault and len(chosen) < count:
                    chosen.append(_rarest(of_fault, chosen))
                    open_cases.remove(chosen[-1])
        return chosen

    def _twins(self) -> dict[tuple[str, str], list[Curve]]:
        found: dict[tuple[str, str], list[Curve]] = {}
        for name in {run.twin for run in self.runs.values() if run.fault}:
            job = self.runs[name].job
            found.setdefault((job.task, job.trainer), []).append(self.curve(name))
        return found

    def _qualifies(self, run: Planned) -> bool:
        path = self.root / run.job.name / "label.json"
        if not run.fault or (run.job.task, run.job.trainer) not in self.levels or not path.exists():
            return False
        label = json.loads(path.read_text(encoding="utf-8"))
        return label["class"] == "effective" and bool(label["visible"])

    def _case(self, run: Planned) -> Case:
        return Case(run, self.runs[run.twin], self.levels[run.job.task, run.job.trainer], self.root)


def _tells(known: Usual, curves: Sequence[Curve]) -> bool:
    ends = np.array([late(curve) for curve in curves])
    improvements = ends - [next(value for value in curve if value is not None) for curve in curves]
    stands_out = float(np.median(improvements)) >= STANDS_OUT * float(np.std(improvements))
    return stands_out and float(np.ptp(ends)) < ALIKE * (known.end - known.start)


def _rarest(cases: list[Case], chosen: list[Case]) -> Case:
    tasks = Counter(case.sick.job.task for case in chosen)
    trainers = Counter(case.sick.job.trainer for case in chosen)
    return min(cases, key=lambda case: (tasks[case.sick.job.task], trainers[case.sick.job.trainer], case.name))
