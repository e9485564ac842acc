"""Common random numbers: what is drawn depends on where it is used, and on nothing that happened before.

A block is keyed by task, stream, purpose and update, and holds a row for each step and environment. An episode that
ends early, an arm that is dropped or a seed that is added shifts no other number. Arms of one seed share its stream.
Numbers are drawn on the CPU, whatever device they are sent to: the same everywhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

PLACES = 1 << 30
"""Seeds of one replay that have a stream of their own."""
REPLAYS = 1 << 63
"""Replays that have streams of their own."""


def stream(replay: int, place: int, *, placebo: bool = False) -> int:
    """The stream of one seed, ``place``, of the replay with that ``--seed``; a placebo has its own.

    Raises:
        ValueError: it has none.
    """
    if not (0 <= replay < REPLAYS and 0 <= place < PLACES):
        raise ValueError(f"no stream for seed {place} of replay {replay}")
    return (replay << 32) + (PLACES if placebo else 0) + place


def normal(
    task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...], device: torch.device
) -> Tensor:
    """Standard normal numbers, [streams, *shape]."""
    rows = _rows(task, streams, purpose, update, lambda source: source.standard_normal(shape, np.float32))
    return torch.from_numpy(rows).to(device)


def uniform(
    task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...], device: torch.device
) -> Tensor:
    """Uniform numbers in [0, 1), [streams, *shape]."""
    rows = _rows(task, streams, purpose, update, lambda source: source.random(shape, np.float32))
    return torch.from_numpy(rows).to(device)


def orders(task: str, streams: Sequence[int], update: int, epochs: int, samples: int, device: torch.device) -> Tensor:
    """Order of the samples in each epoch, int64 [streams, epochs, samples]; fewer epochs are the first of more."""

    def draw(source: np.random.Generator) -> np.ndarray:
        return np.stack([source.permutation(samples) for _ in range(epochs)])

    return torch.from_numpy(_rows(task, streams, "order", update, draw)).to(device)


def seed_of(task: str, stream: int, purpose: str, update: int) -> int:
    """A seed of 31 bits for something that draws by itself."""
    return int(_generator(task, stream, purpose, update).integers(2**31))


def seeds(task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...]) -> np.ndarray:
    """Seeds of 31 bits for what draws by itself at a step in an environment, int64 [streams, *shape]."""
    return _rows(task, streams, purpose, update, lambda source: source.integers(2**31, size=shape))


def _rows(
    task: str,
    streams: Sequence[int],
    purpose: str,
    update: int,
    draw: Callable[[np.random.Generator], np.ndarray],
) -> np.ndarray:
    """What is drawn for each stream, [streams, ...]; each stream is drawn once."""
    drawn = {one: draw(_generator(task, one, purpose, update)) for one in set(streams)}
    return np.stack([drawn[one] for one in streams])


def _generator(task: str, stream: int, purpose: str, update: int) -> np.random.Generator:
    """Philox, keyed by (task and purpose, stream) in fields that do not overlap, its counter begun at the update."""
    replay, place = divmod(stream, 1 << 32)
    key = (replay << 64) + (zlib.crc32(f"{task}/{purpose}".encode()) << 32) + place
    return np.random.Generator(np.random.Philox(key=key, counter=(0, 0, 0, update)))
