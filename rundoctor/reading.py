"""A path to a ``Run``: which files are a run's, which framework wrote them, and what each of them adds."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from rundoctor.config_age import config_of_log
from rundoctor.discover import discover
from rundoctor.errors import NotARun, UnreadableFile
from rundoctor.frameworks import Framework
from rundoctor.model import Config, ConfigFlaw, Curve, Input, Run, Setting
from rundoctor.readers import Part, Reader
from rundoctor.settings import read_settings, section_flaws
from rundoctor.unread import as_inputs, nothing_to_judge, what_to_try

UNKNOWN = "unknown"
"""Format of a run without a log whose config no known trainer reads."""
MOST_ENTRIES = 10_000
"""Directory entries that are looked at."""

_DIGITS = re.compile(r"\d+")

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class _Claim:
    """A file and the reader that takes it."""

    reader: Reader
    path: Path
    patched: Path | None = None
    """Of a config: the file as it stands now, where ``path`` is its backup."""


@dataclass(frozen=True)
class _Taken:
    """What came of one claim."""

    part: Part
    opened: bool = True


def read_run(path: PathLike, *, config: PathLike | None = None, source: PathLike | None = None) -> Run:
    """Read a run directory.

    Args:
        path: the directory, or one of its files, which is then preferred to others of its kind.
        config: config file to use in place of the directory's own.
        source: the trainer's Python source, for the keys it reads and the defaults of absent ones.

    Raises:
        NotARun: there is no such path, or no file of a run in it.
        UnreadableFile: none of the run's files can be opened, or not one that was named.
        NothingToJudge: the files hold nothing that can be used.
    """
    for option, given in (("--config", config), ("--source", source)):
        if given is not None and not os.path.exists(given):
            raise UnreadableFile(f"{given}: no such file or directory", f"check the path given to {option}")
    directory, named = _place(path)
    claims = list(_claims_in(directory, named))
    if config is not None:
        claims = [claim for claim in claims if claim.reader.framework] + [_config_claim(Path(config))]
    chosen, listed = _choose(claims, named)
    if config is None:
        chosen = _with_config_of_log(chosen, named)
    if named is not None and not any(claim.path == named for claim in claims):
        raise NotARun(f"{path}: not a file of a training run", what_to_try([named], _is_run))
    if not chosen:
        raise NotARun(f"{path}: no training run here", what_to_try(_entries(directory), _is_run))
    asked = {named, None if config is None else Path(config)}
    taken = [_take(claim) for claim in chosen]
    for claim, one in zip(chosen, taken, strict=True):
        if not one.opened and (claim.path in asked or not any(other.opened for other in taken)):
            raise UnreadableFile(f"{claim.path} {one.part.input.notes[0]}", "check the permissions and the file type")
    if not any(claim.reader.framework for claim in chosen):
        listed += as_inputs(_entries(directory))
    return _assemble(path, chosen, [one.part for one in taken], listed, source)


def _place(path: PathLike) -> tuple[Path, Path | None]:
    """Return the run's directory, and the file that was named, if it was a file."""
    place = Path(path)
    try:
        return (place, None) if stat.S_ISDIR(os.stat(path).st_mode) else (place.parent, place)
    except (OSError, ValueError) as error:
        if os.path.islink(path):
            return place.parent, place
        reason = (getattr(error, "strerror", None) or "no such file or directory").lower()
        raise NotARun(f"{os.fspath(path) or repr('')}: {reason}", "give a run directory or one of its files") from None


def _claims_in(directory: Path, named: Path | None) -> Iterator[_Claim]:
    """Yield the files of a directory that some reader takes, and the one that was named."""
    readers = sorted(discover("rundoctor.readers", Reader), key=lambda reader: reader.order)
    files = {file.name: file for file in _entries(directory)} | ({named.name: named} if named else {})
    for reader in readers:
        for name in sorted(files):
            if reader.claims(files[name]):
                yield _Claim(reader, files[name])


def _entries(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            return [Path(entry.path) for entry in islice(entries, MOST_ENTRIES)]
    except OSError as error:
        raise UnreadableFile(f"{directory}: {error.strerror}", "check the permissions of the directory") from None


def _config_claim(path: Path) -> _Claim:
    readers = sorted(discover("rundoctor.readers", Reader), key=lambda reader: reader.order)
    return _Claim(next(reader for reader in readers if not reader.framework), path)


def _choose(claims: list[_Claim], named: Path | None) -> tuple[list[_Claim], list[Input]]:
    """Return one file a reader, all of one framework, and the files that are left out."""
    logs = [claim for claim in claims if claim.reader.framework]
    wanted = [claim for claim in logs if claim.path == named] or logs
    framework = min(wanted, key=lambda claim: claim.reader.order).reader.framework if wanted else ""
    chosen: dict[int, _Claim] = {}
    listed = []
    for claim in sorted(claims, key=lambda claim: _newest_first(claim, named), reverse=True):
        if claim.reader.framework not in ("", framework):
            listed.append(_left_out(claim.path, f"another trainer's log beside one of {framework}"))
        elif id(claim.reader) in chosen:
            listed.append(_left_out(claim.path, f"{chosen[id(claim.reader)].path.name} is used"))
        else:
            chosen[id(claim.reader)] = claim
    in_order = sorted(chosen.values(), key=lambda claim: (not claim.reader.framework, claim.reader.order))
    return _without_second_config(in_order, listed), listed


def _newest_first(claim: _Claim, named: Path | None) -> tuple[bool, bool, tuple[int, ...], bool]:
    """Sort key: the named file, then the file without a timestamp, then the latest timestamp in the name."""
    numbers = tuple(map(int, _DIGITS.findall(claim.path.stem)))
    return claim.path == named, not numbers, numbers, claim.path.suffix == ".yaml"


def _with_config_of_log(chosen: list[_Claim], named: Path | None) -> list[_Claim]:
    """Take a patched config's backup where the logs are older than the patch."""
    logs = [claim.path for claim in chosen if claim.reader.framework]
    return [
        claim
        if claim.reader.framework or claim.path == named
        else replace(claim, path=config_of_log(claim.path, logs), patched=claim.path)
        for claim in chosen
    ]


def _without_second_config(chosen: list[_Claim], listed: list[Input]) -> list[_Claim]:
    """Keep one config: the named one or the one whose reader comes first."""
    configs = [claim for claim in chosen if not claim.reader.framework]
    listed += [_left_out(claim.path, f"{configs[0].path.name} is used") for claim in configs[1:]]
    return [claim for claim in chosen if claim.reader.framework] + configs[:1]


def _left_out(path: Path, why: str) -> Input:
    return Input(file=path.name, read=0, notes=(f"listed, not mixed: {why}",))


def _take(claim: _Claim) -> _Taken:
    """Read one file; one that cannot be opened becomes a note."""
    try:
        if claim.path.exists() and not claim.path.is_file():
            raise OSError(0, "not a regular file")
        return _Taken(_marked(claim.reader.read(claim.path), claim))
    except OSError as error:
        note = f"cannot be opened: {error.strerror or error}"
        return _Taken(Part(Input(file=claim.path.name, read=0, notes=(note,))), opened=False)


def _marked(part: Part, claim: _Claim) -> Part:
    """Say of a config's backup that the config was patched since."""
    if part.config is None or claim.patched in (None, claim.path):
        return part
    now = claim.patched.name if claim.patched else ""
    note = f"read in place of {now}, which was changed after the log was written"
    read = replace(part.input, notes=(*part.input.notes, note))
    return replace(part, input=read, config=replace(part.config, patched_since=now))


def _assemble(
    path: PathLike, claims: list[_Claim], parts: list[Part], listed: list[Input], source: PathLike | None
) -> Run:
    curves: dict[str, Curve] = {}
    inputs = []
    for part in parts:
        new = {name: curve for name, curve in part.curves.items() if name not in curves}
        repeats = bool(part.curves) and not new
        inputs.append(_left_out(Path(part.input.file), "another log holds the same") if repeats else part.input)
        curves |= new
    episodes = next((part.episodes for part in parts if part.episodes is not None), None)
    config = next((part.config for part in parts if part.config is not None), None)
    if not curves and episodes is None and config is None:
        raise nothing_to_judge(path, inputs)
    framework, known = _framework(claims, config)
    settings, flaws = _settings(config, framework, source)
    return Run(
        path=os.fspath(path),
        format=framework.name if known else UNKNOWN,
        curves=curves,
        episodes=episodes,
        settings=settings,
        config=None if config is None else replace(config, flaws=config.flaws + flaws),
        inputs=(*inputs, *listed),
        source="" if source is None else os.fspath(source),
        sessions=next((part.sessions for part in parts if part.curves), ()),
    )


def _settings(
    config: Config | None, framework: Framework, source: PathLike | None
) -> tuple[dict[str, Setting], tuple[ConfigFlaw, ...]]:
    """Return the settings in force, and what misleads in the config once trainer and source are known."""
    settings, flaws = read_settings(config, framework), section_flaws(config, framework)
    if source is None:
        return settings, flaws
    from rundoctor.trainer_source import read_source, settled

    settings, dead = settled(settings, framework, read_source(Path(source)))
    return settings, flaws + dead


def _framework(claims: list[_Claim], config: Config | None) -> tuple[Framework, bool]:
    """Return the framework whose logs these are, or that reads most keys of a lone config, and whether it reads any."""
    frameworks = {framework.name: framework for framework in discover("rundoctor.frameworks", Framework)}
    for claim in claims:
        if claim.reader.framework in frameworks:
            return frameworks[claim.reader.framework], True
    written = {".".join(entry.path) for entry in config.entries} if config else set()

    def keys_read(framework: Framework) -> int:
        return sum(path in written for paths in framework.paths.values() for path in paths)

    likeliest = max(frameworks.values(), key=keys_read)
    return likeliest, keys_read(likeliest) > 0


def _is_run(directory: Path) -> bool:
    try:
        return next(_claims_in(directory, None), None) is not None
    except UnreadableFile:
        return False
