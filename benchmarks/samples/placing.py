"""From the directory that a framework wrote to a sample that can be committed: chosen files, no host, no place."""

from __future__ import annotations

import re
import shutil
import socket
import sys
from pathlib import Path

LARGEST_BYTES = 60_000
"""A sample is small: fewer updates, not fewer columns."""
_EVENTS = re.compile(r"(?P<stem>.*\.tfevents\.\d+)\..*")


def place(run: Path, sample: Path, *patterns: str) -> None:
    """Copy the files of a run that fit a pattern to a sample's directory, which is emptied before.

    Event files keep the time in their names, by which they are put in order, and lose the host.

    Args:
        run: the directory as the framework left it.
        sample: where the files go, at the same places below.
        patterns: globs relative to ``run``.

    Raises:
        SystemExit: nothing fits, a file names the place or the machine it was made on, or the sample is too large.
    """
    found = sorted({path for pattern in patterns for path in run.glob(pattern) if path.is_file()})
    named = [path for path in found if _names_the_machine(path, run)]
    size = sum(path.stat().st_size for path in found)
    if not found or named or size > LARGEST_BYTES:
        raise SystemExit(f"{sample.name}: {len(found)} file(s), {size} bytes; names this machine: {named}")
    shutil.rmtree(sample, ignore_errors=True)
    for path in found:
        target = sample / path.relative_to(run).parent / _without_host(path.name, found)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _without_host(name: str, found: list[Path]) -> str:
    """Return a name without the host; what two files of one second differ in becomes a number."""
    stem = _EVENTS.fullmatch(name)
    if stem is None:
        return name
    alike = sorted(path.name for path in found if path.name.startswith(stem["stem"]))
    return f"{stem['stem']}.host" + (f".{alike.index(name)}" if len(alike) > 1 else "")


def _names_the_machine(path: Path, run: Path) -> bool:
    content = path.read_bytes()
    marks = (str(run), str(Path.home()), sys.prefix, str(Path(__file__).parents[2]), socket.gethostname())
    return any(mark.encode() in content for mark in marks)
