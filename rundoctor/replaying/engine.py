"""From a run and its diagnosis to a ``Replay``: planned, run, concluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import torch

from rundoctor.errors import NothingToJudge, RundoctorError
from rundoctor.model import Diagnosis, Run
from rundoctor.model.replay import Arm, Mode, NotRun, Replay, ReplayTask, Trial
from rundoctor.ppo.config import Activation
from rundoctor.replaying import environment, surrogate
from rundoctor.replaying.arms import budget
from rundoctor.replaying.arms.controls import controls
from rundoctor.replaying.arms.fixes import fixes_to_try, untreated
from rundoctor.replaying.arms.mechanism import Mechanism, mechanism
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.contest import Entry, held
from rundoctor.replaying.environment import own_mechanism
from rundoctor.replaying.judging import conclusion
from rundoctor.replaying.judging.reproduction import Target, target_of
from rundoctor.replaying.judging.scores import Seen
from rundoctor.replaying.recorded.replay import has_record, replay_record
from rundoctor.replaying.request import Request
from rundoctor.replaying.training.crew import Crew, cores
from rundoctor.replaying.training.watch import Begin, unwatched
from rundoctor.replaying.worlds.device import device
from rundoctor.replaying.worlds.tasks import Task
from rundoctor.wording import listing


def replay(run: Run, diagnosis: Diagnosis, request: Request, begin: Begin = unwatched) -> Replay:
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
    mode, target, found = chosen_mode(run, request), target_of(diagnosis), device(request.device)
    name = request.environment
    known = mechanism(run, request.assume) if name is None else own_mechanism(run, request.assume, name)
    if not target.wanted and not request.fixes:
        raise NothingToJudge("this log shows nothing that a replay could reproduce", "name a fix with --fix to try it")
    fixes, left = fixes_to_try(run, diagnosis, request.fixes, known.values)
    if not fixes:
        raise NothingToJudge("there is no fix to try on this run", _why_none(diagnosis, left))
    untried = () if request.fixes else untreated(diagnosis, fixes)
    arms = [*controls(fixes, known.values, known.minibatches, request.seed), *fixes]
    if mode is Mode.RECORDED:
        if found.type != "cpu":
            raise RundoctorError("recorded updates are replayed on the CPU", "--mode surrogate takes --device")
        made = replay_record(run, arms, left, updates=request.updates, seed=request.seed, begin=begin)
    else:
        made = _closed_loop(_Trials(run, known, target, arms, request, mode, found), left, begin)
    warnings = (f"nothing was tried for {cause}: no fix of it can be replayed" for cause in untried)
    return replace(made, warnings=(*made.warnings, *warnings))


def _why_none(diagnosis: Diagnosis, left: Sequence[NotRun]) -> str:
    if left:
        return f"{left[0].fix}: {left[0].reason}"
    causes = [cause.rule for cause in diagnosis.causes]
    return f"no fix in the config treats {listing(causes, 'or')}" if causes else "no cause was found that a fix treats"


def chosen_mode(run: Run, request: Request) -> Mode:
    """The user's choice; else the run's recorded updates where it has them, else surrogates."""
    if request.environment is not None:
        return Mode.ENVIRONMENT
    if request.mode:
        return Mode(request.mode)
    return Mode.RECORDED if has_record(run) else Mode.SURROGATE


@dataclass(frozen=True, slots=True)
class _Trials:
    """What is to be trained, whatever the world."""

    run: Run
    known: Mechanism
    target: Target
    arms: Sequence[Plan]
    request: Request
    mode: Mode
    device: torch.device

    @property
    def updates(self) -> int:
        return budget.updates(self.request, self.known.steps_per_update)

    def waves(self) -> Iterator[Sequence[Task | None]]:
        """Tasks that are tried together; None is the user's own."""
        if self.mode is Mode.ENVIRONMENT:
            yield [None]
        else:
            yield from surrogate.waves(self.known)

    def entry(self, task: Task | None, answer: Mapping[str, bool], arms: Sequence[Plan]) -> Entry:
        """One world under one answer to what the config leaves open."""
        name = task.name if task else str(self.request.environment)
        words = [f"{key.replace('_', ' ')} {'on' if value else 'off'}" for key, value in answer.items()]
        plans = [replace(arm, values={**arm.values, **answer}) for arm in arms]
        target = self.target if self.target.wanted else None
        size: dict[str, Any] = {
            "label": ", ".join([name, *words]),
            "activation": Activation(self.request.assume.get("activation", Activation.TANH.value)),
            "seeds": self.request.seeds,
            "updates": self.updates,
            "seed": self.request.seed,
            "device": self.device,
        }
        if task:
            return surrogate.entry(task, self.run, self.known, plans, target, **size)
        assumed = self.request.assume
        return environment.entry(name, self.run, self.known, plans, target, assumed=assumed, **size)


def _closed_loop(trials: _Trials, left: Sequence[NotRun], begin: Begin) -> Replay:
    """Train the arms in one wave of worlds after the other, until one counts."""
    request, known = trials.request, trials.known
    answers = list(_answers(known))
    seen: list[Seen] = []
    with Crew(request.jobs or cores(), unwatched(0)) as crew:
        for tasks in trials.waves():
            kept, beyond = budget.affordable(trials.arms, request, known.steps_per_update, len(tasks) * len(answers))
            entries = [trials.entry(task, answer, kept) for task, answer in product(tasks, answers)]
            crew.progress = begin(budget.cost(kept, request.seeds, trials.updates) * len(entries))
            seen += held(entries, crew)
            if any(one.scores for one in seen) or crew.stopped():
                break
        interrupted = crew.stopped()
    counts = any(one.scores for one in seen)
    tried = conclusion.trials(kept, seen, trials.updates) if counts else ()
    return Replay(
        mode=trials.mode,
        reproduced=counts,
        tasks=tuple(ReplayTask(name=one.label, reproduced=one.reproduced, why=one.why) for one in seen),
        assumptions=known.assumptions,
        seeds=request.seeds,
        updates=trials.updates,
        trials=tried,
        not_run=(*left, *beyond, *_given_up(kept, tried, interrupted)),
        warnings=tuple(_warnings(trials, seen)),
        interrupted=interrupted,
    )


def _given_up(plans: Sequence[Plan], tried: Sequence[Trial], interrupted: bool) -> Iterator[NotRun]:
    """What Ctrl-C left without a score."""
    known = {trial.fix for trial in tried}
    for plan in plans if interrupted and known else ():
        if plan.arm is Arm.FIX and plan.name not in known:
            yield NotRun(fix=plan.name, reason="interrupted before it was judged")


def _warnings(trials: _Trials, seen: Sequence[Seen]) -> Iterator[str]:
    if trials.mode is Mode.SURROGATE:
        yield from surrogate.warnings(trials.known)
    elif not all(one.reproduced for one in seen):
        yield environment.UNLIKE


def _answers(known: Mechanism) -> Iterator[Mapping[str, bool]]:
    """Every combination of answers to what the config leaves open."""
    for answer in product((False, True), repeat=len(known.unresolved)):
        yield dict(zip(known.unresolved, answer, strict=True))
