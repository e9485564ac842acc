"""The arms against each other in several worlds: screen the worlds, halve the arms, score what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
STAGES = {"control": (Arm.CONTROL,), "frame": (Arm.PLACEBO, Arm.REFERENCE), "others": (Arm.FIX, Arm.RANDOM)}
"""Arms of each stage: the next one is begun in a world where those before it were trained to the end and let it."""


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
        self.groups: dict[str, list[Group]] = {}
        """By stage, as far as they were let in."""
        self.enter("control")
        self.untrained = float(np.mean([*self.groups["control"][0].untrained().values()]))
        self.why, self.shown = "", False

    def enter(self, stage: str) -> None:
        """Let the arms of a stage in."""
        plans = [plan for plan in self.entry.plans if plan.arm in STAGES[stage]]
        self.groups[stage] = [self._group(members) for members in grouped(plans)]

    def shows(self) -> bool:
        """Whether the control shows the target, which ``why`` puts in words, or nothing has to be shown."""
        if not self._reached("control"):
            return False
        if self.entry.target is None:
            self.shown, self.why = True, "the task that was named"
            return True
        self.shown, self.why = compared(self.entry.target, self._diagnoses())
        return self.shown or self.entry.own

    def learns(self) -> bool:
        """Whether the reference learns it; ``why`` says so where it does not."""
        if not self._reached("reference"):
            return False
        improved = self._scores_of("reference")[self.entry.updates] - self.untrained
        learned = bool(improved.mean() > stats.t.ppf(LEARNS, len(improved) - 1) * stats.sem(improved))
        if not learned:
            self.why = f"healthy settings do not learn it in {self.entry.updates} updates"
        return learned

    def halve(self) -> int:
        """Drop the worse half of the fixes, and those that hurt already.

        Returns the candidate-updates saved beyond the worse half, which ``plan.cost`` counts as dropped.
        """
        scores = self.scores()
        arms = [plan for group in self.groups["others"] for plan in group.plans if plan.name in scores.by_arm]
        fixes = [plan.name for plan in arms if plan.arm is Arm.FIX]
        found = differences(scores, fixes)
        better = sorted(fixes, key=lambda name: -found[name].mean)[: halved(len(fixes))]
        dropped = {
            name for name in fixes if name not in better or verdict(found[name], self.entry.seeds) is Effect.HURTS
        }
        for group in self.groups["others"]:
            group.keep(plan.name for plan in arms if plan.name not in dropped)
        return (len(better) - len(fixes) + len(dropped)) * self.entry.seeds * (self.entry.updates - self.half)

    def scores(self) -> Scores:
        """Every arm at the last end it reached, beside the control at the same end."""
        by_arm = {name: ends for group in self._all() for name, ends in group.scores.items() if ends}
        reached = {name: max(ends) for name, ends in by_arm.items()}
        return Scores(
            task=self.entry.label,
            by_arm={name: ends[reached[name]] for name, ends in by_arm.items()},
            control={name: by_arm["control"][end] for name, end in reached.items()},
            untrained=self.untrained,
            reference=float(by_arm["reference"][self.entry.updates].mean()),
            at=reached,
        )

    def seen(self, counts: bool) -> Seen:
        """What is known at the end."""
        if not counts:
            return Seen(label=self.entry.label, reproduced=False, why=self.why)
        traits = {name: known for group in self._all() for name, known in group.traits.items()}
        return Seen(label=self.entry.label, reproduced=self.shown, why=self.why, scores=self.scores(), traits=traits)

    def _reached(self, name: str) -> bool:
        """Whether the arm was trained to the end."""
        reached = self.entry.updates in self._scores_of(name)
        self.why = self.why if reached else "interrupted before it could be tried"
        return reached

    def _scores_of(self, name: str) -> dict[int, np.ndarray]:
        return next(group.scores[name] for group in self._all() if name in group.scores)

    def _diagnoses(self) -> list[Diagnosis]:
        """The control's, seed by seed, as if its log were the user's."""
        (group,) = self.groups["control"]
        weight = group.plans[0].trained_with["vf_coef"]
        return diagnoses_of(group.training.history, group.rows("control"), self.entry.like, weight)

    def _all(self) -> list[Group]:
        return [group for groups in self.groups.values() for group in groups]

    def _group(self, plans: Sequence[Plan]) -> Group:
        return Group(
            plans,
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


def held(entries: Sequence[Entry], crew: Crew) -> list[Seen]:
    """Return what each world showed; after Ctrl-C what was known by then."""
    fields = [Field(entry) for entry in entries]
    _train_to_the_end(fields, "control", crew)
    showing = [one for one in fields if one.shows()]
    _train_to_the_end(showing, "frame", crew)
    qualified = [one for one in showing if one.learns()]
    _train(qualified, "others", lambda one: one.half, crew)
    crew.progress(sum(one.halve() for one in qualified))
    _train(qualified, "others", lambda one: one.entry.updates, crew)
    return [one.seen(one in qualified) for one in fields]


def _train_to_the_end(fields: Sequence[Field], stage: str, crew: Crew) -> None:
    """With scores half way, for those that are dropped there to be compared with."""
    _train(fields, stage, lambda one: one.half, crew)
    _train(fields, stage, lambda one: one.entry.updates, crew)


def _train(fields: Sequence[Field], stage: str, end: Callable[[Field], int], crew: Crew) -> None:
    """Train the groups of a stage of all fields side by side, after they were let in."""
    for one in fields:
        if stage not in one.groups:
            one.enter(stage)
    work = [(one, group) for one in fields for group in one.groups[stage]]
    trained = crew.run([(group, end(one), one.entry.updates) for one, group in work])
    for one in fields:
        one.groups[stage] = [group for (owner, _), group in zip(work, trained, strict=True) if owner is one]
