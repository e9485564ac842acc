"""``monitor.csv`` of the Monitor wrapper of Stable-Baselines3: return, length and time of every episode.

The first line is a comment in JSON with the time of the start, the second names the columns ``r,l,t``, as
stable_baselines3 2.9.2 writes them (``common/monitor.py``). The files of several environments are one log. Updates are
not named in it: episodes are gathered in spans of equally many steps, and their means are the curves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rundoctor.model import Curve, Input
from rundoctor.readers import Part, Reader
from rundoctor.readers.columns import Columns
from rundoctor.readers.csv_rows import read_csv_rows
from rundoctor.readers.curves import notes_on_values
from rundoctor.readers.json_rows import open_file
from rundoctor.readers.tally import Tally

if TYPE_CHECKING:
    from rundoctor.model import Floats

MOST_SPANS = 100
LONGEST_COMMENT = 1 << 16
RETURN, LENGTH, TIME = ("r",), ("l",), ("t",)


def claims(path: Path) -> bool:
    """Whether the name is that of an episode log of the Monitor wrapper."""
    return path.name == "monitor.csv" or path.name.endswith(".monitor.csv")


def read(path: Path) -> Part:
    """Return the curves of one environment's episodes."""
    return read_together([path])[0]


def read_together(paths: Sequence[Path]) -> list[Part]:
    """Return the curves of the episodes of all environments, and what became of each file."""
    files = [_read_file(path) for path in sorted(paths)]
    episodes = np.concatenate([rows for _, rows in files])
    episodes = episodes[np.argsort(episodes[:, 2], kind="stable")]
    parts = [Part(read_in) for read_in, _ in files]
    if len(episodes):
        parts[0] = Part(parts[0].input, curves=_curves(episodes, parts[0].input.file), framework="sb3")
    return parts


def _read_file(path: Path) -> tuple[Input, Floats]:
    """Return how the reading went, and return, length and absolute time of each whole episode. Shape [n, 3]."""
    tally, columns = Tally(), Columns()
    with open_file(path) as stream:
        comment = stream.readline(LONGEST_COMMENT)
        rest = stream if comment.startswith(b"#") else BytesIO(comment + stream.read())
        for chunk in read_csv_rows(rest, tally):
            columns.add(chunk)
    rows = np.stack([columns.dense(RETURN), columns.dense(LENGTH), _start(comment) + columns.dense(TIME)], axis=1)
    whole = np.isfinite(rows[:, 1]) & (rows[:, 1] > 0)
    rows[:, 2] = np.where(np.isfinite(rows[:, 2]), rows[:, 2], np.inf)
    notes = (*tally.all_notes(), *notes_on_values(columns, ("r", "l", "t")))
    return Input(file=path.name, read=int(whole.sum()), skipped=tally.skipped, notes=notes), rows[whole]


def _start(comment: bytes) -> float:
    """Return the time at which the log was begun, 0 where the comment does not say."""
    try:
        start = json.loads(comment.lstrip(b"#"))["t_start"]
        return float(start) if isinstance(start, (int, float)) else 0.0
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0


def _curves(episodes: Floats, source: str) -> dict[str, Curve]:
    """Return the means over spans of equally many steps."""
    done = np.cumsum(episodes[:, 1])
    spans = max(1, min(MOST_SPANS, len(episodes) // 2))
    span = np.minimum((done / done[-1] * spans).astype(np.int64), spans - 1)
    return dict(_means(span, done, episodes, source))


def _means(span: Floats, done: Floats, episodes: Floats, source: str) -> Iterator[tuple[str, Curve]]:
    present, position, count = np.unique(span, return_inverse=True, return_counts=True)
    last = np.cumsum(count) - 1
    for name, values in (
        ("reward_mean", np.bincount(position, weights=episodes[:, 0]) / count),
        ("episode_length", np.bincount(position, weights=episodes[:, 1]) / count),
        ("timesteps", done[last]),
    ):
        yield name, Curve.from_points(name, present, values, source)


READER = Reader(framework="", claims=claims, read=read, order=300, read_together=read_together)
