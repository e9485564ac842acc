"""What a replay found: which fixes helped, which hurt, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


class Mode(str, Enum):
    """Where a replay takes its experience from."""

    RECORDED = "recorded"
    """Updates that the recorder wrote; verdicts are about the update, never about a return."""
    SURROGATE = "surrogate"
    """Closed-loop tasks of our own, matched to the run's mechanism."""
    ENVIRONMENT = "environment"
    """A Gymnasium task that the user named."""


class Arm(str, Enum):
    """What stands beside the fixes."""

    FIX = "fix"
    CONTROL = "control"
    """Nothing changed."""
    PLACEBO = "placebo"
    """Nothing changed, fresh noise: what it is called shows how far the verdicts can be trusted."""
    REFERENCE = "reference"
    """Healthy settings; its improvement is the unit of every score."""
    RANDOM = "random"
    """The keys that the fixes change, moved at random."""


class Effect(str, Enum):
    """What an arm did against the control."""

    HELPS = "helps"
    HURTS = "hurts"
    NO_DIFFERENCE = "no-difference"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far an arm came: the interquartile mean and its interval. 0 is untrained, 1 the reference."""

    iqm: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An arm less the control, in pairs, as a share of the reference's improvement."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One arm of a replay."""

    fix: str
    """Name of the fix, of several joined by ``+``, or of the arm."""
    arm: Arm
    changes: tuple[str, ...] = ()
    """What it changes, such as ``clip_range_vf 0.2 -> 410``."""
    score: Score | None = None
    """None in recorded mode."""
    difference: Difference | None = None
    """None in recorded mode and for the control."""
    verdict: Effect = Effect.INCONCLUSIVE
    outcomes: Mapping[str, float] = field(default_factory=dict)
    """In recorded mode: what the update did, by name; the unit stands in the name."""
    note: str = ""
    """What explains the verdict, or the number behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTask:
    """One source of experience, and whether the unchanged run showed the user's symptoms on it."""

    name: str
    reproduced: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """An arm that was not tried, and why."""

    fix: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """The trials of one replay, and what they rest on."""

    mode: Mode
    reproduced: bool
    """Whether the unchanged run showed its symptoms on a task at least; without that there are no verdicts."""
    tasks: tuple[ReplayTask, ...]
    assumptions: tuple[str, ...]
    """What the config and the log do not say, and what was taken instead."""
    seeds: int
    updates: int
    trials: tuple[Trial, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    warnings: tuple[str, ...] = ()
    """Where this replay is known to mislead."""
    interrupted: bool = False
    """Whether Ctrl-C ended it: this is what was known by then."""

    def trial(self, name: str) -> Trial | None:
        """Return the trial of a fix or an arm, None where it was not run."""
        return next((trial for trial in self.trials if trial.fix == name), None)

    def frame(self) -> pandas.DataFrame:
        """Return the trials as a pandas frame, one row an arm."""
        import pandas

        return pandas.json_normalize(list(self.to_dict()["trials"]))

    def to_dict(self) -> dict[str, Any]:
        """Return the ``replay`` part of the JSON contract."""
        from rundoctor.plain import replay_to_dict

        return replay_to_dict(self)
