"""The arms against each other in several worlds: screen the worlds, halve the arms, score what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rundoctor.model import Diagnosis, Run
from rundoctor.model.replay import Arm, Effect
from rundoctor.ppo.config import Activation
from rundoctor.replaying.arms.budget import halved
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.judging.differences import differences, verdict
from rundoctor.replaying.judging.reproduction import Target, compared, diagnoses_of
from rundoctor.replaying.judging.scores import Scores, Seen
from rundoctor.replaying.training.crew import Crew
from rundoctor.replaying.training.group import Group, Make, grouped

LEARNS = 0.99
"""Confidence with which the reference must have improved."""
FRAME = (Arm.CONTROL, Arm.PLACEBO, Arm.REFERENCE)
"""Arms that are trained to the end before any other is begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One world, and what is to be tried in it."""

    name: str
    """Of the world, for its noise."""
    label: str
    """The same with what was assumed."""
    make: Make
    plans: tuple[Plan, ...]
    like: Run
    """The run whose log the control is compared with."""
    target: Target | None
    """What the control has to show; None where nothing has to be shown."""
    value_clip_form: str
    reward_scale: float
    """Factor on the world's rewards: the user's unit."""
    hidden: tuple[int, ...]
    activation: Activation
    seeds: int
    updates: int
    steps: int
    """T of a rollout."""
    judges: int
    """Fresh episodes by which a candidate is scored, each time."""
    seed: int
    """Of the whole replay."""
    own: bool = False
    """The user's own task, which counts whatever the control shows."""


class Field:
    """The arms of one entry under way."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.half = entry, max(1, entry.updates // 2)
        self.frame = self._groups(plan for plan in entry.plans if plan.arm in FRAME)
        self.others: list[Group] = []
        self.untrained = float(np.mean([scores for group in self.frame for scores in group.untrained().values()]))
        self.why, self.shown = "", False

    def enter(self) -> None:
        """Let the other arms in."""
        self.others = self._groups(plan for plan in self.entry.plans if plan.arm not in FRAME)

    def qualifies(self) -> bool:
        """Whether the world counts: the reference learns it, and the control shows the target or it is the user's own.

        ``shown`` is whether the control shows the target; ``why`` says all of it in words.
        """
        marks, last = self._marks(), self.entry.updates
        if not all(last in ends for ends in marks.values()):
            self.why = "interrupted before it could be tried"
            return False
        improved = marks["reference"][last] - self.untrained
        if not improved.mean() > stats.t.ppf(LEARNS, len(improved) - 1) * stats.sem(improved):
            self.why = f"healthy settings do not learn it in {last} updates"
            return False
        if self.entry.target is None:
            self.shown, self.why = True, "the task that was named"
            return True
        self.shown, self.why = compared(self.entry.target, self._diagnoses())
        return self.shown or self.entry.own

    def halve(self) -> int:
        """Drop the worse half of the fixes, and those that hurt already.

        Returns the candidate-updates saved beyond the worse half, which ``plan.cost`` counts as dropped.
        """
        scores = self.scores()
        arms = [plan for group in self.others for plan in group.plans if plan.name in scores.by_arm]
        fixes = [plan.name for plan in arms if plan.arm is Arm.FIX]
        found = differences(scores, fixes)
        better = sorted(fixes, key=lambda name: -found[name].mean)[: halved(len(fixes))]
        dropped = {
            name for name in fixes if name not in better or verdict(found[name], self.entry.seeds) is Effect.HURTS
        }
        for group in self.others:
            group.keep(plan.name for plan in arms if plan.name not in dropped)
        return (len(better) - len(fixes) + len(dropped)) * self.entry.seeds * (self.entry.updates - self.half)

    def scores(self) -> Scores:
        """Every arm at the last end it reached, beside the control at the same end."""
        marks = self._marks()
        by_arm = {name: ends for group in (*self.frame, *self.others) for name, ends in group.scores.items() if ends}
        reached = {name: max(ends) for name, ends in by_arm.items()}
        return Scores(
            task=self.entry.label,
            by_arm={name: ends[reached[name]] for name, ends in by_arm.items()},
            control={name: marks["control"][end] for name, end in reached.items()},
            untrained=self.untrained,
            reference=float(marks["reference"][self.entry.updates].mean()),
            at=reached,
        )

    def seen(self, counts: bool) -> Seen:
        """What is known at the end."""
        if not counts:
            return Seen(label=self.entry.label, reproduced=False, why=self.why)
        traits = {name: known for group in (*self.frame, *self.others) for name, known in group.traits.items()}
        return Seen(label=self.entry.label, reproduced=self.shown, why=self.why, scores=self.scores(), traits=traits)

    def _diagnoses(self) -> list[Diagnosis]:
        """The control's, seed by seed, as if its log were the user's."""
        group = next(group for group in self.frame if "control" in group.scores)
        weight = next(plan.trained_with["vf_coef"] for plan in group.plans if plan.name == "control")
        return diagnoses_of(group.training.history, group.rows("control"), self.entry.like, weight)

    def _marks(self) -> dict[str, dict[int, np.ndarray]]:
        return {name: ends for group in self.frame for name, ends in group.scores.items()}

    def _groups(self, plans: Iterable[Plan]) -> list[Group]:
        return [
            Group(
                members,
                name=self.entry.name,
                make=self.entry.make,
                hidden=self.entry.hidden,
                activation=self.entry.activation,
                value_clip_form=self.entry.value_clip_form,
                reward_scale=self.entry.reward_scale,
                seeds=self.entry.seeds,
                steps=self.entry.steps,
                judges=self.entry.judges,
                seed=self.entry.seed,
            )
            for members in grouped(plans)
        ]


def held(entries: Sequence[Entry], crew: Crew) -> list[Seen]:
    """Return what each world showed; after Ctrl-C what was known by then."""
    fields = [Field(entry) for entry in entries]
    for end in (lambda one: one.half, lambda one: one.entry.updates):
        _train(fields, "frame", end, crew)
    qualified = [one for one in fields if one.qualifies()]
    for one in qualified:
        one.enter()
    _train(qualified, "others", lambda one: one.half, crew)
    crew.progress(sum(one.halve() for one in qualified))
    _train(qualified, "others", lambda one: one.entry.updates, crew)
    return [one.seen(one in qualified) for one in fields]


def _train(fields: Sequence[Field], which: str, end: Callable[[Field], int], crew: Crew) -> None:
    """Train these groups of all fields side by side."""
    work = [(one, group) for one in fields for group in getattr(one, which)]
    trained = crew.run([(group, end(one), one.entry.updates) for one, group in work])
    for one in fields:
        setattr(one, which, [group for (owner, _), group in zip(work, trained, strict=True) if owner is one])
