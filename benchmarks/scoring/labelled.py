"""Labelled runs on disk: a directory with label.json, and the run in it or in a subdirectory a format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORMATS = ("files", "sb3")
"""Subdirectories with rundoctor's three files and with what the RL Baselines3 Zoo leaves behind."""


@dataclass(frozen=True)
class Labelled:
    """One run in one format."""

    name: str
    place: Path
    format: str
    fault: str
    """Empty for a healthy run."""
    accept: tuple[str, ...]
    group: str
    """effective, harmless, healthy or unjudged."""
    task: str
    split: str
    visible: bool
    """Whether the config shows the fault."""
    odd: bool
    """Whether a harmless odd setting stands beside it."""
    change_at: float | None
    """Share of the run after which the fault sets in, where that is known."""


def labelled_runs(root: Path, split: str = "") -> Iterator[Labelled]:
    """Those under a folder, by name; with ``split``, those of it."""
    for path in sorted(root.rglob("label.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        if split and label.get("split") != split:
            continue
        injected = label.get("injected") or {}
        for place, form in _places(path.parent):
            yield Labelled(
                name=path.parent.name,
                place=place,
                format=form,
                fault=label["fault"] or "",
                accept=tuple(label["accept"]),
                group=label["class"],
                task=label["task"],
                split=label.get("split", ""),
                visible=label.get("visible", True),
                odd=bool(label.get("odd")),
                change_at=injected.get("change_at", injected.get("poison_at")),
            )


def _places(directory: Path) -> Iterator[tuple[Path, str]]:
    nested = [(directory / name, name) for name in FORMATS if (directory / name).is_dir()]
    yield from nested or [(directory, "sb3" if (directory / "progress.csv").exists() else "files")]
