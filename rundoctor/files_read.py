"""Which of a run's files are read: of those alike the newest, of one trainer, the config the log was made with."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from rundoctor.config_age import config_of_log
from rundoctor.model import Input
from rundoctor.run_files import Claim

_DIGITS = re.compile(r"\d+")


def choose(claims: list[Claim], named: Path | None) -> tuple[list[Claim], list[Input]]:
    """Return one file a reader, of one framework where their names tell, and the files that are left out."""
    logs = [claim for claim in claims if not claim.reader.is_config]
    wanted = [claim for claim in logs if claim.path == named] or logs
    framework = min(wanted, key=lambda claim: claim.reader.order).reader.framework if wanted else ""
    chosen: dict[int, Claim] = {}
    listed = []
    for claim in sorted(claims, key=lambda claim: _newest_first(claim, named), reverse=True):
        earlier = chosen.get(id(claim.reader))
        if framework and claim.reader.framework not in ("", framework):
            listed.append(left_out(claim.path, f"another trainer's log beside one of {framework}", another=True))
        elif earlier is None:
            chosen[id(claim.reader)] = claim
        elif claim.reader.read_together and earlier.path != named and claim.path.parent == earlier.path.parent:
            chosen[id(claim.reader)] = replace(earlier, beside=(*earlier.beside, claim.path))
        else:
            another = not claim.reader.is_config
            listed.append(left_out(claim.path, f"{earlier.path.name} is used", another=another))
    in_order = sorted(
        chosen.values(), key=lambda claim: (claim.reader.is_config, claim.path != named, claim.reader.order)
    )
    return _without_second_config(in_order, listed), listed


def _newest_first(claim: Claim, named: Path | None) -> tuple[bool, bool, tuple[int, ...], bool]:
    """Sort key: the named file, then the file without a timestamp, then the latest timestamp in the name."""
    numbers = tuple(map(int, _DIGITS.findall(claim.path.stem)))
    return claim.path == named, not numbers, numbers, claim.path.suffix == ".yaml"


def _without_second_config(chosen: list[Claim], listed: list[Input]) -> list[Claim]:
    """Keep one config: the named one or the one whose reader comes first."""
    configs = [claim for claim in chosen if claim.reader.is_config]
    listed += [left_out(claim.path, f"{configs[0].path.name} is used") for claim in configs[1:]]
    return [claim for claim in chosen if not claim.reader.is_config] + configs[:1]


def with_config_of_log(chosen: list[Claim], named: Path | None) -> list[Claim]:
    """Take a patched config's backup where the logs are older than the patch."""
    logs = [claim.path for claim in chosen if not claim.reader.is_config]
    return [
        replace(claim, path=config_of_log(claim.path, logs), patched=claim.path)
        if claim.reader.is_config and claim.path != named
        else claim
        for claim in chosen
    ]


def left_out(path: Path, why: str, *, another: bool = False) -> Input:
    """Return what is said of a file that is not read; ``another``, where it may be the log of another run."""
    return Input(file=path.name, read=0, notes=(f"listed, not mixed: {why}",), another=str(path) if another else "")
