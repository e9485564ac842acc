"""Arms of the run's own recorded updates: what a plan changes, put upon the recorded configuration."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from rundoctor.frameworks import framework_named
from rundoctor.model import Run
from rundoctor.model.replay import NotRun, Replay
from rundoctor.ppo.config import Config
from rundoctor.recording import UPDATES
from rundoctor.replaying.arms import Plan
from rundoctor.replaying.candidate import Candidate
from rundoctor.replaying.recorded import recorded_control, replay_recorded
from rundoctor.replaying.translation import recipe

MOST_UPDATES = 6
"""Recorded updates that are replayed unless it is said how many, evenly spread over the run."""


def has_record(run: Run) -> bool:
    """Whether the recorder has left updates in the run."""
    return any((Path(run.path) / UPDATES).glob("update_*.npz"))


def replay_record(run: Run, plans: Sequence[Plan], left: Sequence[NotRun], *, updates: int | None, seed: int) -> Replay:
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
            config = _upon(base, plan, form)
        except ValueError as error:
            refused.append(NotRun(fix=plan.name, reason=str(error)))
        else:
            candidates.append(Candidate(plan.name, plan.arm, config, plan.changes))
    found = replay_recorded(run.path, candidates, updates=updates or MOST_UPDATES, seed=seed)
    return dataclasses.replace(found, not_run=(*left, *refused, *found.not_run))


def _upon(base: Config, plan: Plan, form: str) -> Config:
    """The recorded configuration with what the plan changes.

    Raises:
        ValueError: it changes what a recorded update holds fixed.
    """
    before, after = recipe(plan.values, form), recipe(plan.trained_with, form)
    if "shared_trunk" in plan.edits:
        raise ValueError("the recorded network has its trunks as they are")
    if before.reward_scale != after.reward_scale:
        raise ValueError("recorded rewards have one unit: normalize-returns tries another")
    names = (field.name for field in dataclasses.fields(Config))
    changed = {name: getattr(after.config, name) for name in names}
    return dataclasses.replace(
        base, **{name: value for name, value in changed.items() if value != getattr(before.config, name)}
    )
