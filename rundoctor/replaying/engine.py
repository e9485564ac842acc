"""From a run and its diagnosis to a ``Replay``: planned, run, concluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from rundoctor.errors import NothingToJudge, RundoctorError
from rundoctor.model import Diagnosis, Run
from rundoctor.model.replay import Arm, Mode, NotRun, Replay, ReplayTask
from rundoctor.ppo.config import Activation
from rundoctor.replaying import conclusion, plan, surrogate
from rundoctor.replaying.arms import Plan, controls, fixes_to_try
from rundoctor.replaying.contest import Seen, held
from rundoctor.replaying.crew import Crew, Progress, cores
from rundoctor.replaying.from_record import has_record, replay_record
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
        request: how much to try, and on what.
        begin: is told how much there is to do, and returns what takes the progress.

    Raises:
        NothingToJudge: there is nothing to reproduce, or no fix to try.
        RundoctorError: values with which there is no training.
    """
    mode, target, known = chosen_mode(run, request), target_of(diagnosis), mechanism(run, request.assume)
    if not target.wanted and not request.fixes:
        raise NothingToJudge("this log shows nothing that a replay could reproduce", "name a fix with --fix to try it")
    fixes, left = fixes_to_try(run, diagnosis, request.fixes, known.values)
    if not fixes:
        reason = f"{left[0].fix}: {left[0].reason}" if left else "rundoctor rules lists them"
        raise NothingToJudge("there is no fix to try on this run", reason)
    arms = [*controls(fixes, known.values, known.minibatches, request.seed), *fixes]
    if mode is Mode.RECORDED:
        return replay_record(run, arms, left, updates=request.updates, seed=request.seed)
    return _closed_loop(run, known, target, arms, left, request, begin)


def chosen_mode(run: Run, request: Request) -> Mode:
    """The user's choice; else the run's recorded updates where it has them, else surrogates."""
    if request.mode:
        return Mode(request.mode)
    return Mode.RECORDED if has_record(run) else Mode.SURROGATE


def _closed_loop(
    run: Run,
    known: Mechanism,
    target: Target,
    arms: Sequence[Plan],
    left: Sequence[NotRun],
    request: Request,
    begin: Begin,
) -> Replay:
    """Train the arms in one wave of worlds after the other, until one counts."""
    updates = plan.updates(request, known.steps_per_update)
    answers = list(_answers(known))
    seen: list[Seen] = []
    for tasks in surrogate.waves(known):
        kept, beyond = plan.affordable(arms, request, known.steps_per_update, len(tasks) * len(answers))
        entries = [
            surrogate.entry(
                task,
                run,
                known,
                [replace(arm, values={**arm.values, **answer}) for arm in kept],
                target if target.wanted else None,
                label=", ".join([task.name, *_words(answer)]),
                activation=_activation(request),
                seeds=request.seeds,
                updates=updates,
                seed=request.seed,
            )
            for task, answer in product(tasks, answers)
        ]
        fixes = sum(arm.arm is Arm.FIX for arm in kept)
        with Crew(request.jobs or cores(), begin(plan.cost(fixes, request.seeds, updates) * len(entries))) as crew:
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
        updates=updates,
        trials=conclusion.trials(kept, seen, updates) if reproduced else (),
        not_run=(*left, *beyond),
        warnings=(NOT_THE_TASK,),
    )


def _answers(known: Mechanism) -> Iterator[Mapping[str, bool]]:
    """Every combination of answers to what the config leaves open."""
    for answer in product((False, True), repeat=len(known.unresolved)):
        yield dict(zip(known.unresolved, answer, strict=True))


def _words(answer: Mapping[str, bool]) -> list[str]:
    return [f"{name.replace('_', ' ')} {'on' if value else 'off'}" for name, value in answer.items()]


def _activation(request: Request) -> Activation:
    name = str(request.assume.get("activation", Activation.TANH.value))
    try:
        return Activation(name)
    except ValueError:
        raise RundoctorError(f"there is no activation {name!r}", "tanh or relu") from None
