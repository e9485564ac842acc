"""Which runs there are: healthy twins with habits of their own, and beside each the faults injected into it.

Everything is drawn from the run's name, so a plan is the same wherever it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from corpus.faults import FAULTS, Injection
from corpus.job import Job
from corpus.tampering import Tampering
from corpus.tasks import COMMON, TASKS, Settings

TWINS = 8
"""Healthy runs of a task under a trainer into which faults are injected."""
HABITS: dict[str, tuple[Any, ...]] = {
    "learning_rate": (5e-4, 1e-3, 1e-3, 2e-3),
    "n_epochs": (6, 10, 10, 15),
    "gae_lambda": (0.9, 0.95, 0.98),
    "clip_range": (0.15, 0.2, 0.25),
    "vf_coef": (0.25, 0.5, 1.0),
    "max_grad_norm": (0.5, 0.5, 1.0),
}
"""What careful people differ in; every run draws one of each."""
ODD: tuple[Settings, ...] = (
    {"max_grad_norm": 50.0},
    {"vf_coef": 5.0},
    {"value_clip": True, "clip_range_vf": 20.0},
    {"ent_coef": 0.003},
    {"n_epochs": 25, "learning_rate": 3e-4},
    {"learning_rate": 3e-3, "n_epochs": 4},
    {"target_kl": 0.1},
    {"hidden_dim": 256},
    {"clip_range": 0.4, "learning_rate": 5e-4},
    {"gae_lambda": 1.0},
)
"""What looks odd and does no harm; every other run has one."""


@dataclass(frozen=True)
class Planned:
    """A run, and what its label needs."""

    job: Job
    fault: str
    """Empty for a healthy run."""
    injection: Injection
    odd: Settings
    twin: str
    """Name of the healthy run that it differs from in the injection alone; empty for a healthy run."""


def everything() -> Iterator[Planned]:
    """All runs, twins first."""
    for task in TASKS:
        for trainer in ("sb3", "core"):
            twins = [_twin(task, trainer, n) for n in range(TWINS)]
            yield from twins
            yield from (_quirk(task, trainer, quirk) for quirk in QUIRKS if quirk != "curriculum" or _course(task))
            faults = [
                name for name, fault in FAULTS.items() if trainer in fault.trainers and fault.possible(TASKS[task])
            ]
            for n, fault in enumerate(faults):
                yield _sick(task, trainer, fault, twins[n % TWINS])


QUIRKS: dict[str, tuple[Settings, Tampering]] = {
    "anneal": ({"anneal": True}, Tampering()),
    "raw": ({"normalize_returns": False}, Tampering()),
    "shared": ({"shared_trunk": True}, Tampering()),
    "curriculum": ({}, Tampering(harder_at=0.5, harder=1.4)),
}
"""Healthy runs that alarm: a rate that falls to nothing, a loss that grows with the returns, a task made harder."""


def _twin(task: str, trainer: str, n: int) -> Planned:
    draw = _draw("twin", task, trainer, n)
    habits = {name: values[draw.integers(len(values))] for name, values in HABITS.items()}
    odd = ODD[draw.integers(len(ODD))] if n % 2 else {}
    return _healthy(f"healthy-{n}", task, trainer, draw, habits | odd, Tampering(), odd)


def _quirk(task: str, trainer: str, quirk: str) -> Planned:
    settings, tampering = QUIRKS[quirk]
    return _healthy(f"healthy-{quirk}", task, trainer, _draw(quirk, task, trainer), settings, tampering, settings)


def _healthy(
    name: str,
    task: str,
    trainer: str,
    draw: np.random.Generator,
    changes: Settings,
    tampering: Tampering,
    odd: Settings,
) -> Planned:
    settings = COMMON | TASKS[task].settings | changes
    job = Job(
        name=f"{name}__{task}__{trainer}",
        task=task,
        trainer=trainer,
        seed=int(draw.integers(1_000_000)),
        settings=settings,
        claimed=settings,
        tampering=tampering,
    )
    return Planned(job, "", Injection({}), odd, "")


def _sick(task: str, trainer: str, fault: str, twin: Planned) -> Planned:
    injection = FAULTS[fault].inject(_draw(fault, task, trainer), TASKS[task])
    healthy = twin.job.settings
    job = Job(
        name=f"{fault}__{task}__{trainer}",
        task=task,
        trainer=trainer,
        seed=twin.job.seed,
        settings=healthy | injection.settings | injection.hidden,
        claimed=healthy | injection.settings,
        tampering=injection.tampering,
    )
    return Planned(job, fault, injection, twin.odd, twin.job.name)


def _course(task: str) -> bool:
    return not isinstance(TASKS[task].make, tuple)


def _draw(*words: object) -> np.random.Generator:
    return np.random.default_rng(crc32("/".join(map(str, words)).encode()))
