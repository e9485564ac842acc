"""From a case, an arm and a seed to a curve of true returns."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.job import Job
from corpus.labels import Curve
from corpus.tasks import COMMON, TASKS, Settings

from treated.arms import ORACLE
from treated.cases import Case

APART = 1_000_000
"""Between the seeds of a case; those of the corpus are smaller."""
BY_CORE = (
    "value_clip_relative",
    "value_loss_clamp",
    "huber_delta",
    "critic_learning_rate",
    "normalize_returns_per_batch",
    "return_scale",
    "advantages_per_component",
    "reward_clip",
)
"""Settings that rundoctor's own core knows beside the common ones."""
IN_THE_PAYMENT = ("reward_weights", "learnable_component_weights")
"""Those that neither trainer reads: they say what a step is paid."""


NOISE, OF_THE_CORPUS = "log_std_init", "log_std"
"""The name of the first noise, and that of the labelled runs."""


@dataclass(frozen=True)
class Treated:
    """One run to train."""

    case: Case
    arm: str
    seed: int
    edits: Settings

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells this run from all others of the table."""
        job = self.case.sick.job
        edits = json.dumps(self.edits, sort_keys=True)
        return self.case.sick.fault, job.task, job.trainer, self.arm, self.seed, edits

    @property
    def note(self) -> str:
        """Why the edits cannot be followed; empty where they can."""
        known = {*COMMON, *IN_THE_PAYMENT, NOISE, *(BY_CORE if self.case.sick.job.trainer == "core" else ())}
        strange = sorted(self.edits.keys() - known)
        return f"the trainer has no {strange[0]}" if strange else ""

    @property
    def job(self) -> Job:
        """What the trainer gets; edits that it cannot follow leave the run as it was."""
        planned = self.case.twin if self.arm == ORACLE else self.case.sick
        edits, tampering = {} if self.note else self.edits, planned.job.tampering
        if NOISE in edits:
            edits = {**edits, OF_THE_CORPUS: edits[NOISE]}
        if "reward_weights" in edits:
            tampering = replace(tampering, weights=edits["reward_weights"])
        if edits.get("learnable_component_weights") is False:
            tampering = replace(tampering, drift=0.0)
        seed = planned.job.seed + APART * self.seed
        return replace(planned.job, seed=seed, settings=planned.job.settings | edits, tampering=tampering)


def identity(job: Job) -> str:
    """The same for jobs that train the same run."""
    parts = (job.task, job.trainer, job.seed, sorted(job.settings.items()), asdict(job.tampering))
    return json.dumps(parts, default=str)


def train(job: Job) -> tuple[Curve, str]:
    """Mean true return by update, and why the run died, where it did."""
    from corpus import by_core, by_sb3

    if job.trainer == "core":
        record = by_core.train(job)
    else:
        with tempfile.TemporaryDirectory() as place:
            record = by_sb3.train(job, Path(place))
    return record.curve(TASKS[job.task].updates), f"died: {record.died}" if record.died else ""
