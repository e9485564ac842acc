"""Labelled runs packed by task: the same files give the same bytes, and nothing is unpacked outside its folder."""

from __future__ import annotations

import io
import json
import lzma
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = ".tar.xz"


@contextmanager
def opened(root: Path) -> Iterator[Path]:
    """A folder with the runs under ``root``: itself, or its archives unpacked for as long as they are used."""
    packed = sorted(root.glob(f"*{ENDING}"))
    if not packed:
        yield root
        return
    with tempfile.TemporaryDirectory() as place:
        for path in packed:
            with tarfile.open(path) as archive:
                archive.extractall(place, filter="data")
        yield Path(place)


def pack(root: Path, out: Path) -> list[Path]:
    """Write one archive a task of all labelled runs under ``root``."""
    by_task: dict[str, list[Path]] = {}
    for path in sorted(root.glob("*/label.json")):
        by_task.setdefault(json.loads(path.read_text(encoding="utf-8"))["task"], []).append(path.parent)
    out.mkdir(parents=True, exist_ok=True)
    return [_packed(out / f"{task}{ENDING}", runs) for task, runs in by_task.items()]


def _packed(path: Path, runs: list[Path]) -> Path:
    """Names and contents alone: no owner, no time. Files of one name stand together, for they compress so."""
    files = [(file, file.relative_to(run.parent)) for run in runs for file in run.rglob("*") if file.is_file()]
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file, name in sorted(files, key=lambda pair: (pair[1].name, pair[1])):
            entry = tarfile.TarInfo(name.as_posix())
            entry.size = file.stat().st_size
            archive.addfile(entry, io.BytesIO(file.read_bytes()))
    path.write_bytes(lzma.compress(content.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    return path
