"""What to do about a diagnosis: fixes, their edits, the patch, and the report that holds it all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from rundoctor.model.finding import Diagnosis
from rundoctor.model.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from rundoctor.model.replay import Replay


class Safety(str, Enum):
    """What applying a fix changes besides the fault."""

    SAME_OBJECTIVE = "same objective"
    NEW_OBJECTIVE = "new objective"
    BY_HAND = "by hand"


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
    """Why the fix is never written into a config here; edits beside it are for a replay to test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One candidate fix. Made by ``rundoctor.fixes.fix``."""

    name: str
    doc: str
    treats: tuple[str, ...]
    """Causes for which it may stand in the default patch."""
    offered_for: tuple[str, ...]
    """Causes for which it is a candidate that only a replay or ``--fix`` chooses."""
    tested_for: tuple[str, ...]
    """Causes for which it is proposed so often that a replay tries it, although it is offered for none."""
    goes_with: tuple[str, ...]
    """Fixes beside which a replay tries it as well."""
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
    how: str = ""
    """What to change to the same end where the trainer was started, if it does not read the file."""


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
    replay: Replay | None = None
    """The fixes as they were tested; None where nothing was replayed."""

    def to_dict(self) -> dict[str, Any]:
        """Return the whole JSON contract."""
        from rundoctor.plain import report_to_dict

        return report_to_dict(self)
