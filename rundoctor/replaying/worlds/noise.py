"""Common random numbers: what is drawn depends on where it is used, and on nothing that happened before.

A block is keyed by task, stream, purpose and update, and holds a row for each step and environment. An episode that
ends early, an arm that is dropped or a seed that is added shifts no other number. Arms of one seed share its stream.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def _generator(task: str, stream: int, purpose: str, update: int) -> np.random.Generator:
    key = (zlib.crc32(f"{task}/{purpose}".encode()) << 32) + stream
    return np.random.Generator(np.random.Philox(key=key, counter=(0, 0, 0, update)))


def normal(task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...]) -> Tensor:
    """Standard normal numbers, [streams, *shape]."""
    drawn = {s: _generator(task, s, purpose, update).standard_normal(shape, np.float32) for s in set(streams)}
    return torch.from_numpy(np.stack([drawn[stream] for stream in streams]))


def uniform(task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...]) -> Tensor:
    """Uniform numbers in [0, 1), [streams, *shape]."""
    drawn = {s: _generator(task, s, purpose, update).random(shape, np.float32) for s in set(streams)}
    return torch.from_numpy(np.stack([drawn[stream] for stream in streams]))


def orders(task: str, streams: Sequence[int], update: int, epochs: int, samples: int) -> Tensor:
    """Order of the samples in each epoch, int64 [streams, epochs, samples]; fewer epochs are the first of more."""
    drawn = {}
    for stream in set(streams):
        source = _generator(task, stream, "order", update)
        drawn[stream] = np.stack([source.permutation(samples) for _ in range(epochs)])
    return torch.from_numpy(np.stack([drawn[stream] for stream in streams]))


def seed_of(task: str, stream: int, purpose: str, update: int) -> int:
    """A seed of 31 bits for something that draws by itself."""
    return int(_generator(task, stream, purpose, update).integers(2**31))


def seeds(task: str, streams: Sequence[int], purpose: str, update: int, shape: tuple[int, ...]) -> np.ndarray:
    """Seeds of 31 bits for what draws by itself at a step in an environment, int64 [streams, *shape]."""
    drawn = {s: _generator(task, s, purpose, update).integers(2**31, size=shape) for s in set(streams)}
    return np.stack([drawn[stream] for stream in streams])
