"""A path to a ``Run``: which files are a run's, which framework wrote them, and what each of them adds."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rundoctor.errors import NotARun, UnreadableFile
from rundoctor.files_read import choose, left_out, with_config_of_log
from rundoctor.frameworks import Framework, all_frameworks, framework_named
from rundoctor.mapping import without_meaning
from rundoctor.model import Config, ConfigFlaw, Curve, Input, Run, Setting
from rundoctor.readers import Part
from rundoctor.run_files import Claim, claims_in, config_claim, entries
from rundoctor.settings import read_settings, section_flaws
from rundoctor.several import logs_beside, near, refusal
from rundoctor.unread import as_inputs, never_loaded, nothing_to_judge, what_to_try

UNKNOWN = "unknown"
"""Format of a run without a log whose config no known trainer reads."""

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class _Taken:
    """What came of one claim."""

    claim: Claim
    parts: list[Part]
    opened: bool = True


def read_run(
    path: PathLike,
    *,
    config: PathLike | None = None,
    source: PathLike | None = None,
    columns: Mapping[str, str] | None = None,
) -> Run:
    """Read a run directory.

    Args:
        path: the directory, or one of its files, which is then preferred to others of its kind.
        config: config file to use in place of the directory's own.
        source: the trainer's Python source, for the keys it reads and the defaults of absent ones.
        columns: column by canonical metric, for the tables that have it; what is not named goes by its usual name.

    Raises:
        NotARun: there is no such path, or no file of a run in it.
        UnreadableFile: none of the run's files can be opened, or not one that was named.
        UnknownName: ``columns`` names a metric or a column that does not exist.
        NothingToJudge: the files hold nothing that can be used.
    """
    _refuse_absent({"--config": config, "--source": source})
    directory, named = _place(path)
    claims = claims_in(directory, named, columns)
    if config is not None:
        claims = [claim for claim in claims if not claim.reader.is_config] + [config_claim(Path(config))]
    _refuse_no_run(path, directory, named, claims)
    chosen, listed = choose(claims, named)
    if config is None:
        chosen = with_config_of_log(chosen, named)
    taken = _take_all(chosen, listed, columns or {})
    _refuse_unopened(taken, {named, None if config is None else Path(config)})
    beside = entries(directory)
    if all(claim.reader.is_config for claim in chosen):
        listed += as_inputs(beside)
    listed += never_loaded(beside)
    if named is None:
        listed += logs_beside(directory, [claim.path for claim in chosen])
    return replace(_assemble(path, taken, listed, source), mapped=columns or {})


def _refuse_absent(given: Mapping[str, PathLike | None]) -> None:
    for option, path in given.items():
        if path is not None and not os.path.exists(path):
            raise UnreadableFile(f"{path}: no such file or directory", f"check the path given to {option}")


def _refuse_no_run(path: PathLike, directory: Path, named: Path | None, claims: list[Claim]) -> None:
    if named is not None and not any(claim.path == named for claim in claims):
        raise NotARun(f"{path}: not a file of a training run", what_to_try([named]))
    if not claims:
        raise refusal(directory) or NotARun(f"{path}: no training run here", what_to_try(near(directory)))


def _refuse_unopened(taken: list[_Taken], asked: set[Path | None]) -> None:
    """Raise UnreadableFile where a file that was asked for, or every file, cannot be opened."""
    for one in taken:
        if not one.opened and (one.claim.path in asked or not any(other.opened for other in taken)):
            note = one.parts[0].input.notes[0]
            raise UnreadableFile(f"{one.claim.path} {note}", "check the permissions and the file type")


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


def _take_all(chosen: list[Claim], listed: list[Input], columns: Mapping[str, str]) -> list[_Taken]:
    """Read the files; a log that any trainer may have written is the only one, and only where none was before it."""
    taken: list[_Taken] = []
    for claim in chosen:
        used = next((one for one in taken for part in one.parts if part.curves or part.episodes), None)
        apart = used is not None and not (claim.reader.framework and used.claim.reader.framework)
        if used is not None and apart and not claim.reader.is_config:
            listed += [left_out(path, f"{used.claim.path.name} is used") for path in (claim.path, *claim.beside)]
        else:
            taken.append(_with_unmapped(_take(claim), columns))
    return taken


def _take(claim: Claim) -> _Taken:
    """Read the files of one claim; one that cannot be opened becomes a note."""
    try:
        if claim.path.exists() and not claim.path.is_file():
            raise OSError(0, "not a regular file")
        if claim.reader.read_together is not None:
            return _Taken(claim, claim.reader.read_together([claim.path, *claim.beside]))
        return _Taken(claim, [_marked(claim.reader.read(claim.path), claim)])
    except OSError as error:
        note = f"cannot be opened: {error.strerror or error}"
        return _Taken(claim, [Part(Input(file=claim.path.name, read=0, notes=(note,)))], opened=False)


def _marked(part: Part, claim: Claim) -> Part:
    """Say of a config's backup that the config was patched since."""
    if part.config is None or claim.patched in (None, claim.path):
        return part
    now = claim.patched.name if claim.patched else ""
    note = f"read in place of {now}, which was changed after the log was written"
    read = replace(part.input, notes=(*part.input.notes, note))
    return replace(part, input=read, config=replace(part.config, patched_since=now))


def _with_unmapped(one: _Taken, columns: Mapping[str, str]) -> _Taken:
    """Name the columns of a log that stand for no metric: they are kept, and never guessed at."""
    parts = []
    for part in one.parts:
        notes = without_meaning(part.curves, part.framework or one.claim.reader.framework, columns)
        parts.append(replace(part, input=replace(part.input, notes=part.input.notes + notes)))
    return replace(one, parts=parts)


def _assemble(path: PathLike, taken: list[_Taken], listed: list[Input], source: PathLike | None) -> Run:
    parts = [part for one in taken for part in one.parts]
    curves: dict[str, Curve] = {}
    inputs = []
    for part in parts:
        new = {name: curve for name, curve in part.curves.items() if name not in curves}
        repeats = bool(part.curves) and not new
        inputs.append(left_out(Path(part.input.file), "another log holds the same") if repeats else part.input)
        curves |= new
    episodes = next((part.episodes for part in parts if part.episodes is not None), None)
    config = next((part.config for part in reversed(parts) if part.config is not None), None)
    if not curves and episodes is None and config is None:
        raise nothing_to_judge(path, inputs)
    framework, known = _framework(taken, config)
    settings, flaws = _settings(config, framework, source)
    found = not any(one.claim.asked for one in taken)
    return Run(
        path=os.fspath(path),
        format=framework.name if known else UNKNOWN,
        curves=curves,
        episodes=episodes,
        settings=settings,
        config=None if config is None else replace(config, flaws=config.flaws + flaws, was_found=found),
        inputs=(*inputs, *listed),
        source="" if source is None else os.fspath(source),
        sessions=next((part.sessions for part in parts if part.curves), ()),
        updates_a_point=_updates_a_point(curves.get("timesteps"), settings.get(framework.an_update_takes)),
    )


def _updates_a_point(timesteps: Curve | None, takes: Setting | None) -> float:
    """Return how many updates lie between two points of the log, from the steps between them."""
    if timesteps is None or takes is None or len(timesteps) < 2 or not takes.value > 0:
        return 1.0
    return max(1.0, float(np.median(np.diff(timesteps.value))) / float(takes.value))


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


def _framework(taken: list[_Taken], config: Config | None) -> tuple[Framework, bool]:
    """Return the framework whose logs these are, or that reads most keys of a lone config, and whether it reads any."""
    logs = [(part, one.claim.reader) for one in taken for part in one.parts if not one.claim.reader.is_config]
    logs.sort(key=lambda log: not (log[0].curves or log[0].episodes))
    name = next((part.framework or reader.framework for part, reader in logs if part.framework or reader.framework), "")
    if name:
        return framework_named(name), True
    written = {".".join(entry.path) for entry in config.entries} if config else set()

    def keys_read(framework: Framework) -> int:
        return sum(path in written for paths in framework.paths.values() for path in paths)

    likeliest = max(all_frameworks().values(), key=keys_read)
    return likeliest, keys_read(likeliest) > 0
