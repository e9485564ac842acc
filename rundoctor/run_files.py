"""Which files of a directory are a run's.

Settings may lie in the places where trainers put them: ``params/``, ``.hydra/``. The readers of other trainers' logs
are imported only where a file is there that may be one.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rundoctor.discover import discover
from rundoctor.errors import UnknownName, UnreadableFile
from rundoctor.mapping import check_metrics, few
from rundoctor.readers import Reader

MOST_ENTRIES = 10_000
"""Directory entries that are looked at."""
MOST_SUBDIRECTORIES = 200
"""Subdirectories that are looked into for the only one with a log."""
MOST_ALIKE = 5
"""Files whose names differ in numbers alone that are looked into where no reader takes one of them."""
PARTS_OF_A_RUN = ("params", ".hydra", "summaries", ".summary", "run_logs", "files", "logs", "tb", "tensorboard")
"""Directories in which trainers keep a run's settings or its events: IsaacLab, Hydra, rl_games, Sample Factory,
ML-Agents, Weights & Biases."""
FIRST_POLICY = "0"
"""Sample Factory keeps the events of each policy in a directory of its own."""
CONFIGS_ABOVE = ("configuration.yaml",)
"""Configs of ML-Agents, which lie beside the directory of each behaviour."""
ZOO_CONFIGS = ("config.yml", "args.yml")

_MAY_BE_FOREIGN = re.compile(r"\.tfevents\.|\.(?:csv|tsv|json|jsonl|ndjson|txt|ya?ml)$")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Claim:
    """A file and the reader that takes it."""

    reader: Reader
    path: Path
    beside: tuple[Path, ...] = ()
    """Further files that are read together with it."""
    asked: bool = False
    """Whether it is a config that the user has named."""
    patched: Path | None = None
    """Of a config: the file as it stands now, where ``path`` is its backup."""


def entries(directory: Path) -> list[Path]:
    """Return what lies in a directory.

    Raises:
        UnreadableFile: it cannot be listed.
    """
    try:
        with os.scandir(directory) as found:
            return [Path(entry.path) for entry in islice(found, MOST_ENTRIES)]
    except OSError as error:
        raise UnreadableFile(f"{directory}: {error.strerror}", "check the permissions of the directory") from None


def claims_in(directory: Path, named: Path | None, columns: Mapping[str, str] | None = None) -> list[Claim]:
    """Return the files of a directory that some reader takes, and the one that was named.

    A directory without a log of its own, of whose subdirectories exactly one has logs, is read as that one.

    Args:
        directory: where the run lies.
        named: a file that is one of the run's, whatever else is there.
        columns: column by canonical metric, where the user says what the columns of a table mean.
    """
    files = _files(directory)
    claims = list(_claims(files, named))
    if columns:
        tables = _given([named] if named else files, columns)
        claims = tables + [claim for claim in claims if claim.reader.is_config]
    if named is None and all(claim.reader.is_config or claim.reader.last_resort for claim in claims):
        places = islice((place for place in sorted(files) if os.path.isdir(place)), MOST_SUBDIRECTORIES)
        below = list(islice((found for place in places if (found := _logs_below(place))), 2))
        claims += below[0] if len(below) == 1 else []
    if not any(claim.reader.is_config for claim in claims):
        claims += _zoo_config(files)
        above = [directory.parent / name for name in CONFIGS_ABOVE if os.path.isfile(directory.parent / name)]
        claims += _claims(above, None)
    return claims


def _files(directory: Path) -> list[Path]:
    found = entries(directory)
    for place in [path for path in found if path.name in PARTS_OF_A_RUN and os.path.isdir(path)]:
        inside = _listed(place)
        found += inside
        found += [path for policy in inside if policy.name == FIRST_POLICY for path in _listed(policy)]
    return found


def _listed(directory: Path) -> list[Path]:
    try:
        return entries(directory) if os.path.isdir(directory) else []
    except UnreadableFile:
        return []


def _logs_below(directory: Path) -> list[Claim]:
    if directory.name.startswith(".") or directory.name in PARTS_OF_A_RUN:
        return []
    claims = list(_claims(_listed(directory), None))
    return claims if any(not claim.reader.is_config for claim in claims) else []


def _zoo_config(files: Iterable[Path]) -> list[Claim]:
    """Return the config that the RL Baselines3 Zoo keeps in a directory named for the environment."""
    places = [place for place in files if all(os.path.isfile(place / name) for name in ZOO_CONFIGS)]
    return list(_claims([places[0] / name for name in ZOO_CONFIGS], None)) if len(places) == 1 else []


def _claims(files: Iterable[Path], named: Path | None) -> Iterator[Claim]:
    found = {str(file): file for file in files} | ({str(named): named} if named else {})
    paths = [found[name] for name in sorted(found)]
    own = _taken(paths, "rundoctor.readers")
    yield from own
    claimed = {claim.path for claim in own}
    if any(path not in claimed and _MAY_BE_FOREIGN.search(path.name) for path in paths):
        yield from _taken([path for path in paths if path not in claimed], "rundoctor.readers.foreign")


def _given(paths: Iterable[Path], columns: Mapping[str, str]) -> list[Claim]:
    """Return the tables that have most of the columns that the user has named.

    Raises:
        UnknownName: there is no such metric, no table has one of them, or no single one has what several have together.
    """
    from rundoctor.readers.foreign.table import labels_in, readers_given

    check_metrics(columns)
    wanted = set(columns.values())
    tables = {path: labels for path in sorted(paths) if (labels := labels_in(path))}
    held = {path: wanted.intersection(labels) for path, labels in tables.items()}
    most = max(map(len, held.values()), default=0)
    if not most:
        there = "; ".join(f"{path.name} has {few(labels)}" for path, labels in list(tables.items())[:MOST_ALIKE])
        absent = " or ".join(repr(column) for column in sorted(wanted))
        raise UnknownName(f"no CSV or JSON log has a column {absent}", there or "there is no such log")
    if most < len(wanted) and set.union(*held.values()) == wanted:
        apart = "; ".join(f"{path.name} has {few(sorted(some))}" for path, some in held.items() if some)
        raise UnknownName("no one table has all columns that are mapped", f"{apart}: join them, or map those of one")
    readers = readers_given(columns)
    best = [path for path, some in held.items() if len(some) == most]
    return [Claim(reader, path) for path in best for reader in readers if reader.claims(path)]


def _taken(paths: list[Path], package: str) -> list[Claim]:
    """Return the files that a reader of the package takes; of many alike that none takes only a few are looked into."""
    readers = sorted(discover(package, Reader), key=lambda reader: reader.order)
    claims: list[Claim] = []
    refused: Counter[str] = Counter()
    for path in paths:
        alike = _DIGITS.sub("0", path.name)
        if refused[alike] >= MOST_ALIKE:
            continue
        reader = next((reader for reader in readers if reader.claims(path)), None)
        if reader is None:
            refused[alike] += 1
        else:
            claims.append(Claim(reader, path))
    return claims


def config_claim(path: Path) -> Claim:
    """Return the claim of a config that was named, whatever it is called."""
    readers = [reader for reader in discover("rundoctor.readers", Reader) if reader.is_config]
    if path.suffix == ".json":
        readers = [reader for reader in discover("rundoctor.readers.foreign", Reader) if reader.is_config] + readers
    return Claim(min(readers, key=lambda reader: (not reader.claims(path), reader.order)), path, asked=True)
