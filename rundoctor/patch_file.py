"""The patch and the disk: a unified diff that ``git apply`` takes, and a write that happens whole or not at all."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rundoctor.errors import PatchRefused
from rundoctor.model import Config, Patch
from rundoctor.readers.config_yaml import decode

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""As git writes such names in the header of a diff."""


def unified_diff(path: str, old: str, new: str) -> str:
    """Return the diff of a file's text, its header relative to the current directory."""
    shown = _relative(path)
    lines = difflib.unified_diff(_lines(old), _lines(new), _header("a", shown), _header("b", shown), n=3, lineterm="\n")
    return "".join(_complete(line) for line in lines)


def apply_patch(patch: Patch, config: Config) -> Path:
    """Write a patch into its config file and return the path of the backup.

    Raises:
        PatchRefused: there is nothing to write, the file changed since it was read, or it cannot be written.
    """
    if patch.new_text is None:
        raise PatchRefused("the patch changes nothing")
    target = Path(os.path.realpath(config.path))
    try:
        data = target.read_bytes()
        text, encoding = decode(data)
        if text != config.text:
            raise PatchRefused(f"{config.path} changed since it was read", "run rundoctor again")
        if not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        backup = _back_up(target, data)
        try:
            _replace(target, patch.new_text.encode(encoding))
        except BaseException:
            backup.unlink()
            raise
    except OSError as error:
        message = f"{config.path} cannot be written: {error.strerror or error}"
        raise PatchRefused(message, "rundoctor patch without --apply prints the diff") from error
    return backup


def _relative(path: str) -> str:
    absolute = os.path.abspath(path)
    inside = os.path.relpath(absolute)
    outside = inside == os.pardir or inside.startswith(os.pardir + os.sep)
    return (absolute.lstrip(os.sep) if outside else inside).replace(os.sep, "/")


def _header(side: str, path: str) -> str:
    name = f"{side}/{path}"
    quoted = name.translate(_ESCAPES)
    if quoted != name:
        return f'"{quoted}"'
    return f"{name}\t" if " " in name else name


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as diff and patch do."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _complete(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _back_up(target: Path, data: bytes) -> Path:
    for backup in _backup_names(target):
        try:
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        _fill(descriptor, backup, data, target)
        return backup
    raise AssertionError("the names never end")


def _backup_names(target: Path) -> Iterator[Path]:
    yield target.with_name(f"{target.name}.bak")
    number = 0
    while True:
        number += 1
        yield target.with_name(f"{target.name}.bak{number}")


def _replace(target: Path, data: bytes) -> None:
    import tempfile  # only a write needs it, and diagnose comes by here

    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    _fill(descriptor, Path(name), data, target)
    try:
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _fill(descriptor: int, path: Path, data: bytes, like: Path) -> None:
    """Write a new file whole, with the owner and the mode of another, or remove it."""
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        status = like.stat()
        with suppress(PermissionError):
            os.chown(path, status.st_uid, status.st_gid)
        path.chmod(stat.S_IMODE(status.st_mode))
    except BaseException:
        path.unlink()
        raise
