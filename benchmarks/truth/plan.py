"""The runs of a case that are not in the table yet, and their training."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from truth import by_core, by_sb3
from truth.arms import arms_of
from truth.cases import Case
from truth.job import Job
from truth.table import HEALTHY, Cell, Table

TRAINERS = {"sb3": by_sb3, "core": by_core}
"""Each has ``EXPRESSED``, the settings that an arm may change, and ``train``."""


def untreated(case: Case, seeds: int, out: Path) -> Iterator[Job]:
    """The reference and the control; the control of seed 0 leaves its files."""
    for seed in range(seeds):
        healthy = Cell(case.task, HEALTHY, case.trainer, case.trunk, "reference", seed)
        yield Job(healthy, case.healthy, {})
        log = place(case, out) if seed == 0 else None
        yield Job(_cell(case, "control", seed), case.sick, {}, log)


def treated(case: Case, seeds: int, out: Path) -> Iterator[Job]:
    """The arms that rundoctor proposes for the control's files."""
    arms = arms_of(place(case, out), case, TRAINERS[case.trainer].EXPRESSED)
    for arm, edits in arms.items():
        yield from (Job(_cell(case, arm, seed), case.sick | edits, edits) for seed in range(seeds))


def place(case: Case, out: Path) -> Path:
    """Directory of the case's sick run."""
    return out / "fidelity_runs" / case.name


def train(case: Case, jobs: Iterator[Job], table: Table) -> None:
    """Train what is missing, one run after the other or all at once, and write it down."""
    missing = [job for job in jobs if job.cell not in table]
    start = time.perf_counter()
    for job, outcome in TRAINERS[case.trainer].train(case.task, missing):
        table.add(job.cell, job.edits, outcome)
        seconds = time.perf_counter() - start
        line = f"{case.name} {job.cell.arm} seed {job.cell.seed}: {outcome.untrained:.4g} -> {outcome.score:.4g}"
        print(f"{line}, {seconds:.0f} s", flush=True)


def _cell(case: Case, arm: str, seed: int) -> Cell:
    return Cell(case.task, case.fault, case.trainer, case.trunk, arm, seed)
