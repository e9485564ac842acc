"""A change in the trainer's own words, where no config file holds it: a flag of its command line, or a line of code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rundoctor.errors import PatchRefused
from rundoctor.frameworks import Framework, Place, Told
from rundoctor.model import Config, Edit, Fix

CLIPS = ("clip_range", "clip_range_vf")
OF_HYDRA = ".hydra"
"""Directory in which Hydra writes down the config that it put together for a run."""
_RECORD = "{} is a record that a new run does not read;"


def by_hand(fix: Fix, edits: Sequence[Edit], config: Config | None, framework: Framework) -> str:
    """Return how to carry out a fix: as the trainer is told, else in words.

    Args:
        fix: what is to be done.
        edits: the same as hyper-parameters.
        config: what the run says of its settings; it may show the trainer's version.
        framework: the trainer.
    """
    return _as_told(edits, config, framework) or fix.by_hand


def where_it_is_read(edit: Edit, place: Place, config: Config, framework: Framework) -> str:
    """Return what to change beside a file that a new run does not read; empty for one that it reads."""
    if Path(config.path).parent.name == OF_HYDRA:
        path, value = place
        new = "" if any(".".join(entry.path) == path for entry in config.entries) else "+"
        return f"{_RECORD.format(config.file)} on the command line: {new}{path}={json.dumps(value)}"
    if config.file not in framework.records or not framework.identified(config):
        return ""
    told = _as_told([edit], config, framework) or "make the same change where the run is started"
    return f"{_RECORD.format(config.file)} {told}"


def refuse_shared_clip(edits: Sequence[Edit], framework: Framework) -> None:
    """Raise PatchRefused for a number that would bound both the ratio and the value: they have no unit in common."""
    both = set.intersection(*(set(framework.paths.get(name, ())) for name in CLIPS))
    for edit in edits:
        if both and edit.name in CLIPS:
            raise PatchRefused(f"{min(both)} sets both {' and '.join(CLIPS)}")


def _as_told(edits: Sequence[Edit], config: Config | None, framework: Framework) -> str:
    """Return the words of each version that the run may have been made with; they are said once where they agree."""
    found: dict[str, str] = {}
    for told in _versions(config, framework):
        lines = [_line(told, edit) for edit in edits]
        if lines and all(lines):
            found.setdefault(", ".join(lines), told.where)
    return "; ".join(f"{where}: {lines}" for lines, where in found.items())


def _versions(config: Config | None, framework: Framework) -> Sequence[Told]:
    if config is None or not framework.identified(config):
        return framework.told
    written = {".".join(entry.path) for entry in config.entries}
    return [told for told in framework.told if told.until not in written and (not told.since or told.since in written)]


def _line(told: Told, edit: Edit) -> str:
    line = told.lines.get(edit.name, "")
    if isinstance(line, str):
        return "" if isinstance(edit.value, bool) else line.replace("{value}", repr(edit.value))
    return line.get(edit.value, "") if isinstance(edit.value, bool) else ""
