"""Labelled runs on disk: a directory with label.json, and the run in it or in a subdirectory a format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMATS = ("files", "sb3")
"""Subdirectories with rundoctor's three files and with what the RL Baselines3 Zoo leaves behind."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One run in one format."""

    name: str
    place: Path
    format: str
    fault: str
    """Empty for a healthy run."""
    accept: tuple[str, ...]
    """Right answers; empty where no rule was made for the fault, and where there is none."""
    group: str
    """effective, harmless, healthy or unjudged."""
    task: str
    split: str = ""
    trainer: str = ""
    seed: int = 0
    kept: float | None = None
    """Share of the twin's improvement."""
    visible: bool = True
    """Whether the config shows the fault."""
    odd: bool = False
    """Whether a harmless odd setting stands beside it."""
    change_at: float | None = None
    """Share of the run after which the fault sets in, where that is known."""
    updates: int = 0
    """Planned length of the training; 0 where it is not known."""


def labelled_runs(root: Path, split: str = "") -> Iterator[Labelled]:
    """Those under a folder, by name; with ``split``, those of it and those that are of none."""
    for path in sorted(root.rglob("label.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        if split and label.get("split", split) != split:
            continue
        for place, form in _places(path.parent):
            yield _labelled(path.parent, place, form, label)


def _labelled(directory: Path, place: Path, form: str, label: dict[str, Any]) -> Labelled:
    injected = label.get("injected") or {}
    return Labelled(
        name=directory.name,
        place=place,
        format=form,
        fault=label["fault"] or "",
        accept=tuple(label["accept"]),
        group=label["class"],
        task=label["task"],
        split=label.get("split", ""),
        trainer=label.get("trainer", ""),
        seed=label.get("seed", 0),
        kept=label.get("kept"),
        visible=label.get("visible", True),
        odd=bool(label.get("odd")),
        change_at=injected.get("change_at", injected.get("poison_at")),
        updates=_planned_updates(directory / "curve.json"),
    )


def _planned_updates(curve: Path) -> int:
    return len(json.loads(curve.read_text(encoding="utf-8"))) if curve.exists() else 0


def _places(directory: Path) -> Iterator[tuple[Path, str]]:
    nested = [(directory / name, name) for name in FORMATS if (directory / name).is_dir()]
    yield from nested or [(directory, "sb3" if (directory / "progress.csv").exists() else "files")]
