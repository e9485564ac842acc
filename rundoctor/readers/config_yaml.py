"""Settings in YAML, as trainers and the programs around them write them.

``config.yaml`` of the native trainer, rl_games and Hydra, ``config.yml`` and ``args.yml`` of the RL Baselines3 Zoo,
``agent.yaml`` of IsaacLab, ``configuration.yaml`` of ML-Agents. Weights & Biases writes ``key: {desc: ..., value:
...}``; there the value is the setting. Every scalar is kept with its characters, so that a patch can change it and
leave every other byte as it is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path

from rundoctor.model import Config, Entry, Input
from rundoctor.readers import Part, Reader
from rundoctor.yaml_text import NotYaml, parse

LARGEST_BYTES = 1 << 20
"""The largest config that is read; the longest real one we know has 35 kB."""

_MERGE_MARKER = re.compile(r"^<{7}(?: |\r?$)", re.MULTILINE)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a config file, its byte order mark kept, and the encoding that gives the same bytes back."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "utf-8")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    return data.decode("latin-1"), "latin-1"


def read(path: Path) -> Part:
    """Read a config file.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        return _nothing(path, f"larger than {LARGEST_BYTES} bytes, not read")
    text, encoding = decode(data)
    marker = _MERGE_MARKER.search(text)
    if marker:
        return _nothing(path, f"unresolved merge markers at line {text.count(chr(10), 0, marker.start()) + 1}")
    try:
        parsed = parse(text, path.name)
    except NotYaml as error:
        return _nothing(path, str(error))
    notes = [*parsed.notes, *(["not UTF-8, read as Latin-1"] if encoding == "latin-1" else [])]
    entries = tuple(_without_wrapping(parsed.entries))
    config = Config(file=path.name, path=str(path), text=text, entries=entries, flaws=tuple(parsed.flaws))
    return Part(Input(file=path.name, read=len(config.entries), notes=tuple(notes)), config=config)


def _without_wrapping(entries: list[Entry]) -> list[Entry]:
    """Take the values out of a config of Weights & Biases; it tells itself by its own entry."""
    if not any(entry.path[0] in ("_wandb", "wandb_version") for entry in entries):
        return entries
    return [replace(entry, path=(entry.path[0], *entry.path[2:])) for entry in entries if entry.path[1:2] == ("value",)]


def _nothing(path: Path, note: str) -> Part:
    return Part(Input(file=path.name, read=0, skipped=1, notes=(note,)))


def _claims_config(path: Path) -> bool:
    return path.name in ("config.yaml", "config.yml", "agent.yaml", "configuration.yaml")


def _claims_arguments(path: Path) -> bool:
    return path.name == "args.yml"


CONFIG = Reader("", _claims_config, read, is_config=True)
ARGUMENTS = Reader("", _claims_arguments, read, order=1, is_config=True)
