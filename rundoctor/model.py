"""The frozen values that flow through rundoctor, from files to report. Imports nothing of the package.

A reader makes a ``Run``; facts and rules read it; ``Diagnosis`` ranks what they found; fixes turn causes into
``Edit``s; a ``Patch`` is those edits as text; a ``Report`` is all that a format ever sees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]


class Severity(str, Enum):
    """How much a finding matters; an error stops ``--fail-on error``."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


class Kind(str, Enum):
    """What a rule speaks about."""

    CAUSE = "cause"
    SYMPTOM = "symptom"
    REMARK = "remark"


class Verdict(str, Enum):
    """The one word at the top of a report."""

    HEALTHY = "healthy"
    HAZARD = "hazard"
    SICK = "sick"
    SICK_CAUSE_UNKNOWN = "sick-cause-unknown"
    UNDETERMINED = "undetermined"


class Safety(str, Enum):
    """What applying a fix changes besides the fault."""

    SAME_OBJECTIVE = "same objective"
    NEW_OBJECTIVE = "new objective"
    BY_HAND = "by hand"


# ---- what a run is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One logged number over the updates of a run."""

    name: str
    """Canonical metric name, such as ``approx_kl``; an unknown column keeps its own name."""
    step: Ints
    """Update index of each value, sorted, strictly increasing. Shape [n], read-only."""
    value: Floats
    """Finite values. Shape [n], read-only."""
    broken: Ints
    """Updates at which the log says NaN or infinity. Shape [m], read-only. A blank or null is neither here nor there."""
    source: str
    """File the values were read from, relative to the run."""

    @classmethod
    def from_points(cls, name: str, step: Any, value: Any, source: str) -> Curve:
        """Sort, keep the last value of a step, and set the non-finite ones apart.

        Args:
            name: canonical metric name.
            step: integers [n], any order.
            value: floats [n], NaN and infinity allowed.
            source: file name for evidence.
        """
        steps = np.asarray(step, dtype=np.int64)
        values = np.asarray(value, dtype=np.float64)
        order = np.argsort(steps, kind="stable")
        steps, values = steps[order], values[order]
        if len(steps) > 1:
            last = np.append(steps[1:] != steps[:-1], True)
            steps, values = steps[last], values[last]
        finite = np.isfinite(values)
        arrays = steps[finite], values[finite], steps[~finite]
        for array in arrays:
            array.flags.writeable = False
        return cls(name=name, step=arrays[0], value=arrays[1], broken=arrays[2], source=source)

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """Per-step statistics of one reward component, one row an episode. Shape [episodes]; NaN where not logged."""

    name: str
    count: Floats
    """Steps of the episode; 0 means the component was absent, whatever its mean says."""
    mean: Floats
    std: Floats
    minimum: Floats
    maximum: Floats
    total: Floats
    """Sum over the episode."""
    weight: Floats
    """The trainer's weight of the component in that episode; NaN where not logged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episodes:
    """What is logged per episode rather than per update."""

    index: Ints
    """Episode number, sorted. Shape [episodes]."""
    components: Mapping[str, Component]
    """By name, the total among them as ``total_reward``."""
    scalars: Mapping[str, Floats]
    """Other numbers by canonical name, such as ``learning_rate``. Shape [episodes]; NaN where not logged."""
    source: str

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One hyper-parameter as the trainer reads it."""

    name: str
    """Canonical name, see ``hyperparameters.py``."""
    path: str
    """Dotted path in the config, such as ``trainer.value_clip_epsilon``."""
    value: Any
    """Plain value: number, bool, string, None, or a dict of numbers for weights by component."""
    raw: str = ""
    """The characters in the file."""
    where: str = ""
    """``config.yaml:212``; for an implied setting the trainer and version whose default it is."""
    implied: bool = False
    """True when the key is absent and the value is the identified trainer's default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One scalar of the config file, wherever it stands."""

    path: tuple[str, ...]
    value: Any
    raw: str
    start: int
    """Offset of the first character of the value in the text."""
    end: int
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFlaw:
    """Something in the config file itself that misleads its reader."""

    kind: str
    """Name of the remark it belongs to, such as ``duplicate-key``."""
    message: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A config file as text and as the scalars in it."""

    file: str
    """Name relative to the run."""
    path: str
    """Where the file lies on disk."""
    text: str
    entries: tuple[Entry, ...]
    flaws: tuple[ConfigFlaw, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """How the reading of one file went."""

    file: str
    read: int
    """Rows (or config values) taken."""
    skipped: int = 0
    """Rows that could not be used."""
    notes: tuple[str, ...] = ()
    """What was not used, and why."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Everything that was read of one training run."""

    path: str
    format: str
    """Name of the framework whose files these are: ``rundoctor``, ``sb3``, ..."""
    curves: Mapping[str, Curve] = field(default_factory=dict)
    """By canonical metric name; unknown numeric columns under their own name."""
    episodes: Episodes | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """By canonical hyper-parameter name."""
    config: Config | None = None
    inputs: tuple[Input, ...] = ()

    @property
    def updates(self) -> int:
        """Number of updates logged."""
        return max((len(curve) + len(curve.broken) for curve in self.curves.values()), default=0)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the readers could not use, and why, file by file."""
        return tuple(f"{read.file}: {note}" for read in self.inputs for note in read.notes)

    def frame(self) -> pandas.DataFrame:
        """Return the curves as a pandas frame, one row an update, one column a metric."""
        import pandas

        columns = {name: pandas.Series(curve.value, index=curve.step) for name, curve in self.curves.items()}
        return pandas.DataFrame(columns).rename_axis("update")

    def to_dict(self) -> dict[str, Any]:
        """Return the ``run`` part of the JSON contract."""
        from rundoctor.plain import run_to_dict

        return run_to_dict(self)


# ---- what rules see and say ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact that this run cannot give. Missing data is not health."""

    reason: str
    log: str = ""
    """What to log so that the fact can be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number known only between two bounds."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.4g}" if self.low == self.high else f"{self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One claim with the number that proves it."""

    claim: str
    observed: float
    relation: str
    """``<``, ``>``, ``<=``, ``>=`` or ``=``."""
    limit: float
    where: str = ""
    """File and line, or file and update."""

    @property
    def strength(self) -> float:
        """How far the number is past its limit, in [0, 1]; 1 from two decades on, 0.5 at the limit."""
        if self.relation == "=":
            return 1.0
        small, large = sorted((abs(self.observed), abs(self.limit)))
        if large == 0 or not math.isfinite(large):
            return 0.5
        if small == 0 or self.observed * self.limit < 0:
            return 1.0
        return min(1.0, 0.5 + math.log10(large / small) / 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of a run. The rule yields it; ``diagnosis.py`` decides where it stands."""

    message: str
    evidence: tuple[Evidence, ...] = ()
    """One or more for a cause or a symptom; a remark only says where."""
    where: str = ""
    onset: int | None = None
    """Update at which it begins."""
    binding: bool = False
    """True when the log itself shows the mechanism at work, not the config alone."""
    against: tuple[str, ...] = ()
    """What speaks against it."""
    decide_by: tuple[str, ...] = ()
    """What to log so that the next run decides it."""
    about: str = ""
    """Canonical hyper-parameter, where a finding on that setting by another rule takes this one in as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a pathology, its documentation and its check. Made by ``rundoctor.rules.rule``."""

    name: str
    kind: Kind
    severity: Severity
    doc: str
    explains: tuple[str, ...]
    """Names of the symptoms that this cause explains."""
    needs: tuple[tuple[str, bool], ...]
    """Facts by parameter name; True where the rule also runs without the fact."""
    limits: Any
    """An instance of the rule's frozen ``Limits``, or None."""
    check: Callable[..., Iterator[Finding]]

    @property
    def summary(self) -> str:
        """First line of the documentation."""
        return self.doc.split("\n", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """A finding in its place: ranked, and linked to what it explains or is explained by."""

    rule: str
    severity: Severity
    message: str
    evidence: tuple[Evidence, ...] = ()
    where: str = ""
    """Of a remark: file and line."""
    onset: int | None = None
    rank: int | None = None
    confidence: float | None = None
    """Calibrated probability that this cause is right; None until it has been calibrated."""
    against: tuple[str, ...] = ()
    tied_with: tuple[str, ...] = ()
    decide_by: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A rule that could not be judged."""

    rule: str
    reason: str
    enable: str
    """What to log so that it can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The answer: what is wrong, what follows from it, and what could not be judged."""

    verdict: Verdict
    causes: tuple[Diagnosed, ...] = ()
    symptoms: tuple[Diagnosed, ...] = ()
    hazards: tuple[Diagnosed, ...] = ()
    remarks: tuple[Diagnosed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    clear: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict and the lists of findings of the JSON contract."""
        from rundoctor.plain import diagnosis_to_dict

        return diagnosis_to_dict(self)


# ---- what to do about it ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One hyper-parameter and its new value."""

    name: str
    """Canonical hyper-parameter."""
    value: Any
    why: str
    """The numbers the value was computed from."""
    key: str = ""
    """For weights by component: which component."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a fix would do to this run: edits, or the reason it must not be offered."""

    edits: tuple[Edit, ...] = ()
    refused: str = ""
    """Why the fix would do harm here, or has nothing to do; then there are no edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One candidate fix. Made by ``rundoctor.fixes.fix``."""

    name: str
    doc: str
    treats: tuple[str, ...]
    """Causes for which it may stand in the default patch."""
    offered_for: tuple[str, ...]
    """Causes for which it is a candidate that only a replay or ``--fix`` chooses."""
    safety: Safety
    order: int
    """Among the fixes of one cause, lower is tried first."""
    by_hand: str
    """What to change in code where the config cannot express it."""
    needs: tuple[tuple[str, bool], ...]
    propose: Callable[..., Proposal]

    @property
    def summary(self) -> str:
        """First line of the documentation."""
        return self.doc.split("\n", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchEdit:
    """An edit at its place in the config file."""

    name: str
    path: str
    old: Any
    """None when the key was absent."""
    new: Any
    fix: str
    safety: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsCode:
    """A fix that the config cannot express."""

    fix: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A fix that is not offered for this run."""

    fix: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """The edits as text."""

    edits: tuple[PatchEdit, ...] = ()
    diff: str = ""
    """Unified diff; empty when no edit can be made."""
    needs_code: tuple[NeedsCode, ...] = ()
    refused: tuple[Refused, ...] = ()
    new_text: str | None = None
    """The whole config after the edits; None when nothing changes."""

    def to_dict(self) -> dict[str, Any]:
        """Return the ``patch`` part of the JSON contract."""
        from rundoctor.plain import patch_to_dict

        return patch_to_dict(self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """All that a report format ever sees."""

    run: Run
    diagnosis: Diagnosis
    patch: Patch
    version: str

    def to_dict(self) -> dict[str, Any]:
        """Return the whole JSON contract."""
        from rundoctor.plain import report_to_dict

        return report_to_dict(self)
