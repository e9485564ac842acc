"""From a run and its diagnosis to a ``Replay``: planned, run, concluded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from rundoctor.errors import NothingToJudge, RundoctorError
from rundoctor.model import Diagnosis, Run
from rundoctor.model.replay import Arm, Mode, Replay, ReplayTask
from rundoctor.ppo.config import Activation
from rundoctor.replaying import conclusion, plan, surrogate
from rundoctor.replaying.arms import Plan, controls, fixes_to_try
from rundoctor.replaying.contest import Entry, Seen, held
from rundoctor.replaying.crew import Crew, Progress, cores
from rundoctor.replaying.mechanism import Mechanism, mechanism
from rundoctor.replaying.plan import Request
from rundoctor.replaying.reproduction import Target, target_of

Begin = Callable[[int], Progress]
"""Takes the candidate-updates to come, returns what is told of them."""
NOT_THE_TASK = "matching scale is not matching the task: what the user's own task adds is not seen here"


def replay(run: Run, diagnosis: Diagnosis, request: Request, begin: Begin = lambda total: lambda made: None) -> Replay:
    """Try the fixes and say which helped.

    Args:
        run: the run.
        diagnosis: its causes choose the fixes, its symptoms have to be reproduced.
        request: how much to try.
        begin: is told how much there is to do, and returns what takes the progress.

    Raises:
        NothingToJudge: there is nothing to reproduce, or no fix to try.
        RundoctorError: values with which there is no training.
    """
    target, known = target_of(diagnosis), mechanism(run, request.assume)
    if not target.wanted and not request.fixes:
        raise NothingToJudge("this log shows nothing that a replay could reproduce", "name a fix with --fix to try it")
    fixes, left = fixes_to_try(run, diagnosis, request.fixes, known.values)
    if not fixes:
        reason = f"{left[0].fix}: {left[0].reason}" if left else "rundoctor rules lists them"
        raise NothingToJudge("there is no fix to try on this run", reason)
    length = plan.updates(request, known.steps_per_update)
    seen: list[Seen] = []
    answers = [
        dict(zip(known.unresolved, answer, strict=True))
        for answer in product((False, True), repeat=len(known.unresolved))
    ]
    for tasks in surrogate.waves(known):
        arms = [*controls(fixes, known.values, known.minibatches, request.seed), *fixes]
        arms, beyond = plan.affordable(arms, request, known.steps_per_update, len(tasks) * len(answers))
        entries = [_entry(task, run, known, arms, target, request, answer) for task in tasks for answer in answers]
        total = plan.cost(sum(arm.arm is Arm.FIX for arm in arms), request.seeds, length) * len(entries)
        with Crew(request.jobs or cores(), begin(total)) as crew:
            seen += held(entries, crew)
        if any(one.reproduced for one in seen):
            break
    reproduced = any(one.reproduced for one in seen)
    return Replay(
        mode=Mode.SURROGATE,
        reproduced=reproduced,
        tasks=tuple(ReplayTask(name=one.label, reproduced=one.reproduced, why=one.why) for one in seen),
        assumptions=known.assumptions,
        seeds=request.seeds,
        updates=length,
        trials=conclusion.trials(arms, seen, length) if reproduced else (),
        not_run=(*left, *beyond),
        warnings=(NOT_THE_TASK,),
    )


def _entry(
    task: Any,
    run: Run,
    known: Mechanism,
    arms: Sequence[Plan],
    target: Target,
    request: Request,
    answer: dict[str, bool],
) -> Entry:
    words = [f"{name.replace('_', ' ')} {'on' if value else 'off'}" for name, value in answer.items()]
    return surrogate.entry(
        task,
        run,
        known,
        [replace(arm, values={**arm.values, **answer}) for arm in arms],
        target if target.wanted else None,
        label=", ".join([task.name, *words]),
        activation=_activation(request),
        seeds=request.seeds,
        updates=plan.updates(request, known.steps_per_update),
        seed=request.seed,
    )


def _activation(request: Request) -> Activation:
    name = str(request.assume.get("activation", Activation.TANH.value))
    try:
        return Activation(name)
    except ValueError:
        raise RundoctorError(f"there is no activation {name!r}", "tanh or relu") from None
