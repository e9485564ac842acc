"""Settings in JSON: ``config.json`` of Sample Factory and Spinning Up, ``params.json`` of RLlib."""

from __future__ import annotations

import re
from pathlib import Path

from rundoctor.model import Config, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.config_yaml import LARGEST_BYTES, decode
from rundoctor.readers.json_rows import open_file
from rundoctor.yaml_text import NotYaml, parse

NAMES = ("config.json", "params.json")

_OF_A_TRAINER = re.compile(
    rb'"(?:gamma|gae_lambda|lambda|lam|clip_param|clip_ratio|clip_coef|clip_range|ppo_clip_ratio|lr_schedule|num_workers)"'
)


def claims(path: Path) -> bool:
    """Whether the file is called so and holds a key of reinforcement learning, or nothing; models have such files."""
    if path.name not in NAMES:
        return False
    try:
        with open_file(path) as stream:
            data = stream.read(LARGEST_BYTES)
    except OSError:
        return False
    return not data.strip() or _OF_A_TRAINER.search(data) is not None


def read(path: Path) -> Part:
    """Read a config file."""
    with open_file(path) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        return _nothing(path, f"larger than {LARGEST_BYTES} bytes, not read")
    text, encoding = decode(data)
    try:
        parsed = parse(text, path.name)
    except NotYaml as error:
        return _nothing(path, str(error).replace("YAML", "JSON"))
    config = Config(file=path.name, path=str(path), text=text, entries=tuple(parsed.entries), flaws=tuple(parsed.flaws))
    notes = (*parsed.notes, *(["not UTF-8, read as Latin-1"] if encoding == "latin-1" else []))
    return Part(Input(file=path.name, read=len(config.entries), notes=notes), config=config)


def _nothing(path: Path, note: str) -> Part:
    return Part(Input(file=path.name, read=0, skipped=1, notes=(note,)))


CONFIG = Reader("", claims, read, order=2, is_config=True)
