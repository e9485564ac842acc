"""Replay recorded updates: every arm restarts each update from the recorded state, on the recorded experience.

The control goes first, and must come to the logged losses and to the next recorded parameters; an update where it does
not is shown and not judged. What is said of the others is about the update alone (``verdict``).
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rundoctor.errors import UnreadableFile
from rundoctor.frameworks import framework_named
from rundoctor.model import Run
from rundoctor.model.replay import Arm, Mode, NotRun, Replay, ReplayTask
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.settings import stacked
from rundoctor.recording import UPDATES
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.recorded.candidate import Candidate, upon
from rundoctor.replaying.recorded.fidelity import fidelity
from rundoctor.replaying.recorded.outcome import Outcome, replay_update
from rundoctor.replaying.recorded.trials import Judged, assumptions, trials
from rundoctor.replaying.recorded.update import RecordedUpdate, read_update
from rundoctor.replaying.recorded.update_file import update_files
from rundoctor.replaying.recorded.verdict import Limits
from rundoctor.replaying.training.watch import Begin, first_ctrl_c, unwatched

MOST_UPDATES = 6
"""Recorded updates that are replayed unless it is said how many, evenly spread over the run."""
LIMITS = Limits()
ABOUT_THE_UPDATE = (
    "verdicts are about one update each: after one step the data belong to another policy. What helps an update may "
    "ruin a run, so no patch rests on this: --mode surrogate and patch --replay try the fixes in training"
)


def has_record(run: Run) -> bool:
    """Whether the recorder has left updates in the run."""
    return any((Path(run.path) / UPDATES).glob("update_*.npz"))


def replay_record(
    run: Run, plans: Sequence[Plan], left: Sequence[NotRun], *, updates: int | None, seed: int, begin: Begin = unwatched
) -> Replay:
    """Replay the plans on the run's recorded updates, ``MOST_UPDATES`` of them unless it is said how many.

    Raises:
        NothingToJudge: the run has none.
        UnreadableFile: none of them can be read.
    """
    base, _ = recorded_control(run.path)
    form = framework_named(run.format).value_clip_form
    candidates, refused = list[Candidate](), list[NotRun]()
    for plan in plans:
        try:
            config = upon(base, plan, form)
        except ValueError as error:
            refused.append(NotRun(fix=plan.name, reason=str(error)))
        else:
            candidates.append(Candidate(plan.name, plan.arm, config, plan.changes))
    found = replay_recorded(run.path, candidates, updates=updates or MOST_UPDATES, seed=seed, begin=begin)
    return dataclasses.replace(found, not_run=(*left, *refused, *found.not_run))


def recorded_control(directory: str | os.PathLike[str]) -> tuple[Config, Architecture]:
    """The configuration and the network of a recorded run, as they were at its first readable update.

    Raises:
        NothingToJudge: the directory holds no recorded updates.
        UnreadableFile: none of them can be read; the reason is the first one's.
    """
    update = _first_readable(update_files(Path(directory)))
    return update.config, update.architecture


def replay_recorded(
    directory: str | os.PathLike[str],
    candidates: Sequence[Candidate],
    limits: Limits = LIMITS,
    updates: int = 16,
    seed: int = 0,
    begin: Begin = unwatched,
) -> Replay:
    """Replay the control and the candidates on a run's recorded updates.

    What a candidate does not change follows the recorded schedule; a placebo gets fresh orders of samples.

    Args:
        directory: the run.
        candidates: what to try beside the control.
        limits: where the words begin.
        updates: how many to replay at most, evenly spread over those that were recorded.
        seed: of the orders of samples that were not recorded.
        begin: is told how many updates there are, and returns what takes the progress.

    Raises:
        NothingToJudge: the directory holds no recorded updates.
        UnreadableFile: none of them can be read; the reason is the first one's.
    """
    control = _first_readable(files := update_files(Path(directory)))
    arms, refused = _sorted_out(candidates, control)
    each, interrupted = _each(_spread(files, updates), arms, control.config, seed, begin)
    judged = [found for task, found in each if found is not None and task.reproduced]
    return Replay(
        mode=Mode.RECORDED,
        reproduced=bool(judged),
        tasks=tuple(task for task, _ in each),
        assumptions=tuple(assumptions(arms)),
        seeds=1,
        updates=len(judged),
        trials=tuple(trials(judged, arms, control.config, limits)) if judged else (),
        not_run=tuple(refused),
        warnings=(ABOUT_THE_UPDATE,),
        interrupted=interrupted,
    )


def _first_readable(files: Sequence[Path]) -> RecordedUpdate:
    errors = []
    for path in files:
        try:
            return read_update(path)
        except UnreadableFile as error:
            errors.append(error)
    raise errors[0]


def _each(
    files: Sequence[Path], arms: Sequence[Candidate], base: Config, seed: int, begin: Begin
) -> tuple[list[tuple[ReplayTask, Judged | None]], bool]:
    """Every update as a task, and what came of it; after Ctrl-C the others are named. And whether that came."""
    stop, progress = threading.Event(), begin(len(files))
    each: list[tuple[ReplayTask, Judged | None]] = []
    with first_ctrl_c(stop.set):
        for path in files:
            each.append(_interrupted(path) if stop.is_set() else _replayed(path, arms, base, seed))
            progress(1)
    return each, stop.is_set()


def _replayed(path: Path, arms: Sequence[Candidate], base: Config, seed: int) -> tuple[ReplayTask, Judged | None]:
    """An update as a task, and what came of it unless it cannot be read."""
    try:
        update = read_update(path)
    except UnreadableFile as error:
        return ReplayTask(name=path.stem, reproduced=False, why=error.message), None
    found = _judge(update, arms, base, seed)
    return ReplayTask(name=path.stem, reproduced=found.fidelity.reproduced, why=str(found.fidelity)), found


def _interrupted(path: Path) -> tuple[ReplayTask, None]:
    return ReplayTask(name=path.stem, reproduced=False, why="interrupted before it was replayed"), None


def _spread(files: Sequence[Path], most: int) -> list[Path]:
    places = np.unique(np.linspace(0, len(files) - 1, min(most, len(files))).round().astype(int))
    return [files[place] for place in places]


def _sorted_out(candidates: Sequence[Candidate], control: RecordedUpdate) -> tuple[list[Candidate], list[NotRun]]:
    """The candidates that the recorded network can run, and the others with the reason; the control is our own."""
    arms, refused = [], []
    for candidate in candidates:
        try:
            stacked([candidate.config], control.architecture)
        except ValueError as error:
            refused.append(NotRun(fix=candidate.name, reason=str(error)))
        else:
            arms += [] if candidate.arm is Arm.CONTROL else [candidate]
    return arms, refused


def _judge(update: RecordedUpdate, arms: Sequence[Candidate], base: Config, seed: int) -> Judged:
    """Run an update under the control and the arms; those of one bank need one batch size and one kind of order."""
    configs = [update.config, *(_at(update.config, base, arm.config) for arm in arms)]
    kinds = [(configs[0].batch_size, False)]
    kinds += [(config.batch_size, arm.arm is Arm.PLACEBO) for config, arm in zip(configs[1:], arms, strict=True)]
    outcomes: dict[int, Outcome] = {}
    for kind in dict.fromkeys(kinds):
        rows = [row for row, other in enumerate(kinds) if other == kind]
        replayed = replay_update(update, [configs[row] for row in rows], seed, fresh=kind[1])
        outcomes |= dict(zip(rows, replayed.outcomes, strict=True))
        if rows[0] == 0:
            closeness = fidelity(update, replayed, 0)
    return Judged(update.config.clip_range, closeness, tuple(outcomes[row] for row in range(len(configs))))


def _at(now: Config, base: Config, candidate: Config) -> Config:
    """The candidate at an update: what it shares with the base follows the schedule."""
    shared = [field.name for field in dataclasses.fields(Config)]
    shared = [name for name in shared if getattr(candidate, name) == getattr(base, name)]
    return dataclasses.replace(candidate, **{name: getattr(now, name) for name in shared})
