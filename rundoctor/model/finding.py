"""What rules see, what they say, and where it stands in the diagnosis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
        low, high = (f"{bound:,.0f}" if 1000 <= abs(bound) < 1e7 else f"{bound:.3g}" for bound in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


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
        """How far past its limit, in [0, 1]: 0.5 at it, 1 from two decades on; an equality is worth one decade."""
        if self.relation == "=":
            return 0.75
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
    acquitted: bool = False
    """True when the log shows that the mechanism is not at work: a hazard, whatever symptoms there are."""
    about: str = ""
    """Canonical hyper-parameter that the finding accuses."""


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
    """An instance of the rule's ``Limits``, a named tuple of numbers, or None."""
    check: Callable[..., Iterator[Finding | Missing]]

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
