"""The arrays of a recorded update, from a file that anyone may have written.

An ``.npz`` is a zip of ``.npy`` files. No pickle is ever loaded, and no more is unpacked than ``MOST_BYTES``. The
format stands in ``rundoctor/recording.py``.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from rundoctor.errors import NothingToJudge, UnreadableFile
from rundoctor.recording import FORMAT, UPDATES

Array = np.ndarray[Any, Any]

MOST_BYTES = 1 << 32
"""What an update may unpack to."""
BROKEN = (OSError, ValueError, EOFError, MemoryError, NotImplementedError, RuntimeError, KeyError, SyntaxError)
"""What ``zipfile`` and ``numpy.lib.format`` raise on damaged or odd archives, beside their own errors."""
HINT = "delete it and replay the others, or record the run again"


def update_files(directory: Path) -> list[Path]:
    """The recorded updates of a run, in order.

    Raises:
        NothingToJudge: there are none; where the recorder refused to record any, its reason is repeated.
    """
    files = sorted((directory / UPDATES).glob("update_*.npz"))
    if files:
        return files
    try:
        reason = (directory / UPDATES / "refused.txt").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        hint = "record them with rundoctor.recording.RunRecorder, or replay on surrogate tasks"
        raise NothingToJudge(f"{directory}: no recorded updates", hint) from None
    raise NothingToJudge(f"{directory}: {reason}", "replay on surrogate tasks")


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a recorded update by key.

    Raises:
        UnreadableFile: the file is damaged, needs a pickle, is too large, or is of another format.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MOST_BYTES:
                raise UnreadableFile(f"{path}: unpacks to {size >> 20} MB, more than {MOST_BYTES >> 20}", HINT)
            arrays = {name.removesuffix(".npy"): _array(archive, name) for name in archive.namelist()}
    except (*BROKEN, zipfile.BadZipFile, zlib.error) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableFile(f"{path}: not a recorded update ({reason})", HINT) from None
    if int_of(path, arrays, "format") != FORMAT:
        raise UnreadableFile(f"{path}: format {arrays['format']}, this version reads {FORMAT}", "update rundoctor")
    return arrays


def array_of(path: Path, arrays: dict[str, Array], key: str, *shape: int | None) -> Array:
    """An array by key, of a shape in which None is any length; no NaN, nothing infinite.

    Raises:
        UnreadableFile: it is missing, of another shape, not of numbers, or not finite.
    """
    if key not in arrays:
        raise UnreadableFile(f"{path}: no {key}", HINT)
    array = arrays[key]
    if array.dtype.kind not in "biuf":
        raise UnreadableFile(f"{path}: {key} holds no numbers", HINT)
    if array.ndim != len(shape) or any(n not in (None, m) for n, m in zip(shape, array.shape, strict=True)):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise UnreadableFile(f"{path}: {key} is {list(array.shape)}, not [{wanted}]", HINT)
    if not np.isfinite(array).all():
        raise UnreadableFile(f"{path}: {key} holds NaN or infinite values", HINT)
    return array


def int_of(path: Path, arrays: dict[str, Array], key: str) -> int:
    """A whole number by key.

    Raises:
        UnreadableFile: as ``array_of``.
    """
    return int(array_of(path, arrays, key))


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    with archive.open(name) as member:
        array: Array = np.lib.format.read_array(member, allow_pickle=False)
    return array
