"""One recorded update in the core's terms: the state it began from, the experience it used, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import torch
from torch import Tensor

from rundoctor.errors import UnreadableFile
from rundoctor.ppo import network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Activation, Architecture, Config
from rundoctor.replaying.recorded.update_file import HINT, Array, array_of, int_of, read_arrays

DTYPE = torch.float32
"""The trainers' own precision: their rounding is followed rather than undone, which comes three times as close to their
parameters as double precision does, and takes half the time."""
MOST_LAYERS = 100
LAST_UPDATE = 1 << 40
"""Larger numbers are no counts."""


@dataclass(frozen=True)
class RecordedUpdate:
    """A recorded update. Rows are of one candidate."""

    number: int
    """Counted from 0."""
    config: Config
    """In effect during the update."""
    architecture: Architecture
    before: Tensor
    """Parameters [P]."""
    after: Tensor
    """Parameters [P] that the trainer came to."""
    adam_first: Tensor
    """[P]."""
    adam_second: Tensor
    """[P]."""
    adam_steps: float
    rollout: Rollout
    """C is 1."""
    order: Tensor
    """int64 [epochs, M]; -1 where the trainer stopped before."""
    metrics: dict[str, float]
    """What was logged of the update; what is not finite is left out."""

    @property
    def samples(self) -> int:
        return self.order.shape[1]


def read_update(path: Path) -> RecordedUpdate:
    """Read a recorded update.

    Raises:
        UnreadableFile: the file is damaged or is not in the format, or the core cannot rebuild what it holds.
    """
    arrays = read_arrays(path)
    architecture, config = _architecture(path, arrays), _config(path, arrays)
    time, environments = array_of(path, arrays, "log_probs", None, None).shape
    if not time * environments:
        raise UnreadableFile(f"{path}: no samples", HINT)
    if not 0 <= (number := int_of(path, arrays, "update")) < LAST_UPDATE:
        raise UnreadableFile(f"{path}: update {number} is none", HINT)
    prefixes = ("parameters", "parameters_after", "adam/first", "adam/second")
    before, after, first, second = (_row(path, arrays, prefix, architecture) for prefix in prefixes)
    return RecordedUpdate(
        number=number,
        config=config,
        architecture=architecture,
        before=before,
        after=after,
        adam_first=first,
        adam_second=second,
        adam_steps=float(array_of(path, arrays, "adam/steps")),
        rollout=_rollout(path, arrays, architecture, (time, environments)),
        order=_order(path, arrays, time * environments),
        metrics=_metrics(arrays),
    )


def _config(path: Path, arrays: dict[str, Array]) -> Config:
    """Hyper-parameters by the kinds of ``Config``'s fields; absent ones are its defaults."""
    kinds, given = get_type_hints(Config), {}
    for key in sorted(key for key in arrays if key.startswith("settings/")):
        name = key.removeprefix("settings/")
        if name not in kinds:
            raise UnreadableFile(f"{path}: the core has no setting {name}", "see rundoctor/ppo/config.py")
        try:
            given[name] = _setting(kinds[name], arrays[key])
        except (ValueError, TypeError, OverflowError) as error:
            raise UnreadableFile(f"{path}: {key} is not understood ({error})", HINT) from None
    try:
        return Config(**given)
    except ValueError as error:
        raise UnreadableFile(f"{path}: {error}", HINT) from None


def _setting(kind: Any, array: Array) -> Any:
    if array.ndim:
        return tuple(float(x) for x in array)
    value = array.item()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is int:
        return int(value)
    return float(value)


def _architecture(path: Path, arrays: dict[str, Array]) -> Architecture:
    """The network, from the shapes of its parameters."""
    shared = "parameters/shared.0.weight" in arrays
    trunk = "shared" if shared else "policy"
    hidden: list[int] = []
    while (key := f"parameters/{trunk}.{len(hidden)}.weight") in arrays and len(hidden) < MOST_LAYERS:
        hidden.append(array_of(path, arrays, key, None, None).shape[0])
    word = arrays.get("network/activation")
    try:
        return Architecture(
            observations=array_of(path, arrays, f"parameters/{trunk}.0.weight", None, None).shape[1],
            actions=array_of(path, arrays, "parameters/policy.head.weight", None, None).shape[0],
            components=array_of(path, arrays, "parameters/critic.head.weight", None, None).shape[0],
            discrete="parameters/policy.log_std" not in arrays,
            hidden=tuple(hidden),
            shared_trunk=shared,
            activation=Activation(None if word is None else str(word)),
        )
    except ValueError as error:
        raise UnreadableFile(f"{path}: the core cannot rebuild this network: {error}", HINT) from None


def _row(path: Path, arrays: dict[str, Array], prefix: str, architecture: Architecture) -> Tensor:
    """The parameters, or what the optimiser holds for each of them, as a row [P].

    Raises:
        UnreadableFile: one is missing or has another shape, or there is one that the core's network has not.
    """
    blocks = network.layout(architecture)
    unknown = {key for key in arrays if key.startswith(f"{prefix}/")} - {f"{prefix}/{block.name}" for block in blocks}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UnreadableFile(f"{path}: the core's network has no {names}", "replay on surrogate tasks")
    parts = [array_of(path, arrays, f"{prefix}/{block.name}", *block.shape) for block in blocks]
    return torch.from_numpy(np.concatenate([part.reshape(-1) for part in parts])).to(DTYPE)


def _rollout(path: Path, arrays: dict[str, Array], architecture: Architecture, shape: tuple[int, int]) -> Rollout:
    """The experience; the value after a step is the next row's, or the bootstrap where the episode was cut."""

    def read(key: str, *rest: int) -> Tensor:
        return torch.from_numpy(array_of(path, arrays, key, *shape, *rest))

    components = architecture.components
    terminated, truncated = read("terminated").bool(), read("truncated").bool()
    values, bootstrap = read("values", components).to(DTYPE), read("bootstrap_values", components).to(DTYPE)
    following = torch.where(truncated.unsqueeze(-1), bootstrap, torch.cat((values[1:], bootstrap[-1:])))
    if architecture.discrete:
        actions = read("actions").long()
        if actions.min() < 0 or actions.max() >= architecture.actions:
            raise UnreadableFile(f"{path}: actions outside 0 to {architecture.actions - 1}", HINT)
    else:
        actions = read("actions", architecture.actions).to(DTYPE)
    parts = {
        "observations": read("observations", architecture.observations).to(DTYPE),
        "actions": actions,
        "log_prob": read("log_probs").to(DTYPE),
        "rewards": read("rewards", components).to(DTYPE),
        "values": values,
        "next_values": following,
        "terminated": terminated,
        "truncated": truncated,
    }
    return Rollout(**{name: part.unsqueeze(0) for name, part in parts.items()})


def _order(path: Path, arrays: dict[str, Array], samples: int) -> Tensor:
    """Checked: in each epoch no sample comes twice, and those that were not taken come last, as -1."""
    order = array_of(path, arrays, "order", None, samples).astype(np.int64)
    for row in order:
        taken = row[: int((row >= 0).sum())]
        if (taken < 0).any() or (row < -1).any() or len(np.unique(taken)) < len(taken) or (taken >= samples).any():
            raise UnreadableFile(f"{path}: order is not one of {samples} samples", HINT)
    return torch.from_numpy(order)


def _metrics(arrays: dict[str, Array]) -> dict[str, float]:
    found = {
        key.removeprefix("metrics/"): float(array)
        for key, array in arrays.items()
        if key.startswith("metrics/") and array.ndim == 0 and array.dtype.kind in "biuf"
    }
    return {name: value for name, value in found.items() if np.isfinite(value)}
