"""From proposals to a config patch: each fix whole or not at all, and a reason for every one that is left out.

An edit names a hyper-parameter; it is written where the trainer reads it. The result is parsed again and refused
unless it differs in the intended values alone. Applying a patch twice is applying it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rundoctor.by_hand import by_hand, refuse_shared_clip, where_it_is_read
from rundoctor.conversion import Unusable, number_of
from rundoctor.errors import PatchRefused
from rundoctor.frameworks import Framework
from rundoctor.model import Config, Edit, Entry, Fix, NeedsCode, Patch, PatchEdit, Proposal, Refused, Run
from rundoctor.patch_file import apply_patch, unified_diff
from rundoctor.places import places_of
from rundoctor.splicing import Splice, insertions, replacement, spliced, verify, written_as

__all__ = ["apply_patch", "make_patch"]

SIBLINGS_TRIED = 5
"""Places beside which an absent key is tried before it is refused."""


def make_patch(run: Run, proposals: Sequence[tuple[Fix, Proposal]], framework: Framework) -> Patch:
    """Return the patch that carries out as many proposals as the config can express; the earlier ones win."""
    draft = _Draft(run, run.config, framework) if run.config is not None and run.config.is_file else None
    needs_code: list[NeedsCode] = []
    refused: list[Refused] = []
    for fix, proposal in proposals:
        try:
            if proposal.refused:
                raise PatchRefused(proposal.refused)
            refuse_shared_clip(proposal.edits, framework)
            if draft is None or not proposal.edits:
                raise _NoKey  # a proposal without edits is one that no config can hold
            draft.add(fix, proposal)
        except _NoKey:
            needs_code.append(NeedsCode(fix=fix.name, what=by_hand(fix, proposal.edits, run.config, framework)))
        except PatchRefused as error:
            refused.append(Refused(fix=fix.name, reason=error.message))
    written = draft.patch() if draft else Patch()
    return Patch(
        edits=written.edits,
        diff=written.diff,
        new_text=written.new_text,
        needs_code=tuple(needs_code),
        refused=tuple(refused),
    )


class _NoKey(Exception):
    """The config has no key that the trainer is known to read for this."""


@dataclass(frozen=True)
class _Change:
    path: tuple[str, ...]
    value: Any
    splice: Splice
    edit: PatchEdit


class _Draft:
    """A config and the changes that are agreed so far."""

    def __init__(self, run: Run, config: Config, framework: Framework) -> None:
        self.settings, self.config, self.framework = run.settings, config, framework
        self.entries = {".".join(entry.path): entry for entry in config.entries}
        self.uses = Counter((entry.start, entry.end) for entry in config.entries)
        self.changes: list[_Change] = []

    def add(self, fix: Fix, proposal: Proposal) -> None:
        """Take all edits of a fix, or none.

        Raises:
            _NoKey: an edit has no key.
            PatchRefused: an edit is not clear, or contradicts an earlier fix.
        """
        agreed = list(self.changes)
        try:
            for edit in proposal.edits:
                places = places_of(edit, self.config, self.settings, self.framework)
                if places is None:
                    raise _NoKey
                for path, value in places:
                    self.changes += self._change(fix, edit, path, value)
        except (PatchRefused, _NoKey):
            self.changes = agreed
            raise

    def patch(self) -> Patch:
        if not self.changes:
            return Patch()
        text = self._text(self.changes)
        diff = unified_diff(self.config.path, self.config.text, text)
        return Patch(edits=tuple(change.edit for change in self.changes), diff=diff, new_text=text)

    def _change(self, fix: Fix, edit: Edit, path: str, value: Any) -> list[_Change]:
        """Return the change that gives one path its value, none where it has it already."""
        earlier = next((change for change in self.changes if change.edit.path == path), None)
        if earlier is not None:
            if earlier.edit.new != value:
                raise PatchRefused(f"conflicts with {earlier.edit.fix}, which sets {path} to {earlier.edit.new}")
            return []
        entry = self.entries.get(path)
        old = entry.value if entry else None
        planned = PatchEdit(
            name=edit.name,
            path=path,
            old=old,
            new=value,
            fix=fix.name,
            safety=fix.safety.value,
            why=edit.why,
            how=where_it_is_read(edit, (path, value), self.config, self.framework),
        )
        if entry is None:
            implied = self.settings.get(edit.name)
            in_force = implied is not None and implied.implied and implied.value == edit.value
            return [] if in_force else [self._insert(planned)]
        return [] if _equal(old, value) else [self._replace(planned, entry)]

    def _replace(self, planned: PatchEdit, entry: Entry) -> _Change:
        if self.uses[entry.start, entry.end] > 1:
            raise PatchRefused(f"the value of {planned.path} at line {entry.line} is shared through an alias")
        new = written_as(entry, planned.new)
        change = _Change(entry.path, new, replacement(self.config.text, entry, new), planned)
        self._verify(change)
        return change

    def _insert(self, planned: PatchEdit) -> _Change:
        if not self._may_insert(planned.name):
            raise _NoKey
        path = tuple(planned.path.split("."))
        for sibling in self._siblings(planned.name, path[:-1]):
            for splice in insertions(self.config.text, sibling, path[-1], planned.new):
                change = _Change(path, planned.new, splice, planned)
                try:
                    self._verify(change)
                except PatchRefused:
                    continue
                return change
        raise PatchRefused(f"there is no clear place for {planned.path}")

    def _may_insert(self, name: str) -> bool:
        """Tell whether the trainer is known to read an absent key."""
        proofs = self.framework.arrived_with.get(name, ())
        proven = name in self.framework.insertable or any(path in self.entries for path in proofs)
        return proven and self.framework.identified(self.config)

    def _siblings(self, name: str, section: tuple[str, ...]) -> Iterator[Entry]:
        """Yield the values beside which to insert: those of the same version, then known ones, the last first."""
        beside = [entry for entry in self.config.entries if entry.path[:-1] == section]
        same_version = self.framework.arrived_with.get(name, ())
        known = {path for paths in self.framework.paths.values() for path in paths}
        beside.sort(
            key=lambda entry: (".".join(entry.path) in same_version, ".".join(entry.path) in known, entry.start)
        )
        yield from beside[: -1 - SIBLINGS_TRIED : -1]

    def _verify(self, change: _Change) -> None:
        changes = [*self.changes, change]
        verify(self.config.entries, self._text(changes), {one.path: one.value for one in changes}, self.config.file)

    def _text(self, changes: Sequence[_Change]) -> str:
        return spliced(self.config.text, [change.splice for change in changes])


def _equal(old: Any, new: Any) -> bool:
    if new is None or isinstance(new, bool | str):
        return type(old) is type(new) and bool(old == new)
    try:
        return old is not None and number_of(old) == new
    except Unusable:
        return False
