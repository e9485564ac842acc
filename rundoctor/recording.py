"""Records a training run: the files that rundoctor diagnoses, and whole updates that it replays.

Standard library and numpy alone, so this file can be copied into a training repository::

    recorder = RunRecorder("runs/a", config={"ppo": {"learning_rate": 3e-4, "clip_range": 0.2}})
    ...
    recorder.episode({"distance": distance_rewards, "collision": collision_rewards})   # one number a step
    ...
    recorder.update({"loss": loss, "policy_loss": policy_loss}, record={"observations": observations, ...})

``DIRECTORY/loss_metrics.json``
    One object an update: ``episode`` and ``batch`` (episodes and updates so far), the rewards of the episodes since the
    last update, and what was given. Worth logging: loss, policy_loss, value_loss (before its weight, no factor 1/2),
    entropy, approx_kl, clip_fraction, value_clip_fraction, explained_variance, learning_rate, policy_grad_norm,
    value_grad_norm, return_mean, return_std, value_mean, value_std. NaN is written ``NaN``, as Python's json does.
``DIRECTORY/reward_components_stats.json``
    One object an episode: statistics over the steps of each reward component, and of their total.
``DIRECTORY/config.yaml``
    The config, once.
``DIRECTORY/updates/update_000012.npz``
    One recorded update, no pickle. T steps, N environments, D observation entries, K value heads, A actions. Keys:

    ``parameters/NAME``, ``parameters_after/NAME``  before and after the update. Separate trunks: ``policy.0.weight``
        [out, in], ``policy.0.bias``, ``policy.1...``, ``critic.0...``; one trunk: ``shared.0...``; heads
        ``policy.head.weight`` [A, in], ``critic.head.weight`` [K, in] and biases; ``policy.log_std`` [A] if continuous.
    ``adam/first/NAME``, ``adam/second/NAME``, ``adam/steps``  the optimiser before the update
    ``observations`` [T, N, D], as the network saw them; ``actions`` int [T, N] or float [T, N, A], as sampled
    ``log_probs`` [T, N], nat; ``values``, ``rewards`` [T, N, K], as the advantage estimate read them, without bootstrap
    ``terminated``, ``truncated``  bool [T, N]; truncated: cut by a time limit
    ``bootstrap_values`` [T, N, K]  value of the state after the step; read where truncated and in the last row
    ``order`` int [epochs, T N]  sample t N + n by its place; -1 after an epoch that stopped early
    ``settings/NAME``  in effect during this update; names and words of ``rundoctor/ppo/config.py``, its defaults where
        absent: learning_rate, n_epochs, batch_size, gamma, gae_lambda, clip_range, value_loss, clip_range_vf, ...
    ``network/activation``  tanh or relu
    ``metrics/NAME``  what was logged of this update, losses as means over its minibatches; the recorder adds them,
        ``update`` and ``format``
    anything else, such as ``normalizer/NAME`` or ``component_rewards/NAME`` [T, N], is kept and not replayed

The JSON lists grow in place: one write replaces the closing bracket by the next record and a new bracket. So a record
costs the same at the start and at the end of a run, the file is valid JSON between two calls, and a run killed within
a call loses that call's record at most: all others stand whole before it. Updates are written aside and renamed.

Of the updates the first and the newest are kept, and between them those that lie most evenly: where a fault begins is
not known while recording, and with ``keep`` of U updates none is further than about 1.5 U / keep from the next.
"""

from __future__ import annotations

import io
import json
import math
import os
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

FORMAT = 1
"""Version of the update files."""
PLAIN_KINDS = "biufU"
"""Kinds of arrays that need no pickle: truth values, numbers, text."""
YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
LOSSES, REWARDS, CONFIG, UPDATES = "loss_metrics.json", "reward_components_stats.json", "config.yaml", "updates"


class RunRecorder:
    """Writes one run into a directory of its own.

    A directory that already holds a run is refused when the recorder is made, before anything is trained: continuing
    would mix two runs, overwriting would lose one. A full disk during training costs the record, never the training.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        config: Mapping[str, Any] | None = None,
        keep: int = 16,
        max_bytes: int = 1 << 28,
    ) -> None:
        """Start a run; ``keep`` and ``max_bytes`` bound the recorded updates.

        Raises:
            FileExistsError: the directory holds a run.
            ValueError: ``keep`` is less than 1.
        """
        self.directory = Path(directory)
        names = [LOSSES, REWARDS, UPDATES, *([] if config is None else [CONFIG])]
        for name in names:
            if (self.directory / name).exists():
                raise FileExistsError(f"{self.directory} already holds a run ({name}): give each run its own directory")
        self._updates = _UpdateFolder(self.directory / UPDATES, keep, max_bytes)
        self._losses, self._rewards = _JsonList(self.directory / LOSSES), _JsonList(self.directory / REWARDS)
        if config is not None:
            (self.directory / CONFIG).write_text("".join(_yaml_lines(config)), encoding="utf-8")
        self._recent: list[tuple[float, int]] = []
        self._best = -math.inf

    @property
    def updates(self) -> int:
        """Updates so far, the number of the next one."""
        return self._losses.records

    def episode(self, rewards: Mapping[str, Any], **numbers: float) -> None:
        """One finished episode: the rewards of its steps by component, [steps] each, and further numbers.

        The total is the sum of the components, unless ``total_reward`` is given.
        """
        steps = {name: np.asarray(part, np.float64).reshape(-1) for name, part in rewards.items()}
        if "total_reward" not in steps:
            steps = {"total_reward": sum(steps.values(), np.zeros(1)), **steps}
        total = steps["total_reward"]
        self._recent.append((float(total.sum()), len(total)))
        self._best = max(self._best, float(total.sum()))
        statistics = {name: _statistics(part) for name, part in steps.items()}
        row = {"episode": self._rewards.records, "timestamp": time.time(), "reward_components": statistics}
        self._rewards.append(row | _numbers(numbers))

    def update(self, metrics: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> None:
        """One update: the numbers to log and, unless it shall not be replayed, what the module's docstring lists.

        Raises:
            TypeError: the record holds something that is neither numbers nor text.
        """
        row: dict[str, Any] = {"episode": self._rewards.records, "batch": self.updates}
        if self._recent:
            means = np.mean(self._recent, axis=0).tolist()
            row |= {"best_reward": self._best, "mean_reward": means[0], "mean_episode_length": means[1]}
        logged = _numbers(metrics)
        if record is not None:
            self._updates.write(self.updates, {"metrics": logged, **record})
        self._losses.append(row | logged)
        self._recent.clear()

    def refuse_updates(self, reason: str) -> None:
        """Note why no update of this run is recorded; a replay repeats it."""
        (self.directory / UPDATES / "refused.txt").write_text(reason + "\n", encoding="utf-8")


class _JsonList:
    """A JSON list that grows in place, and is whole after each record."""

    _CLOSE = b"\n]\n"

    def __init__(self, path: Path) -> None:
        with open(path, "xb") as file:
            file.write(b"[" + self._CLOSE)
        self._path, self._end, self.records = path, 1, 0

    def append(self, row: Mapping[str, Any]) -> None:
        """Put a record where the closing bracket stands, and the bracket after it."""
        text = (b",\n" if self._end > 1 else b"\n") + json.dumps(row).encode()
        self.records += 1
        try:
            with open(self._path, "r+b", buffering=0) as file:
                file.seek(self._end)
                if file.write(text + self._CLOSE) < len(text + self._CLOSE):
                    file.truncate(self._end)
                    raise OSError("the disk is full")
            self._end += len(text)
        except OSError as error:
            warnings.warn(f"{self._path}: {error}: a record is lost, the training goes on", stacklevel=3)


class _UpdateFolder:
    """The recorded updates: a bounded number of bounded bytes."""

    def __init__(self, directory: Path, keep: int, max_bytes: int) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1, got {keep}")
        directory.mkdir(parents=True)
        self._directory, self._keep, self._max_bytes = directory, keep, max_bytes
        self._sizes: dict[int, int] = {}  # bytes by update, in order

    def write(self, number: int, record: Mapping[str, Any]) -> None:
        content, arrays = io.BytesIO(), _arrays({"format": FORMAT, "update": number, **record})
        np.savez(content, **cast(Any, dict(arrays)))
        size = content.tell()
        try:
            if size > self._max_bytes:
                raise OSError(f"{size} bytes are more than max_bytes, {self._max_bytes}")
            self._make_room(number, size)
            partial = self._directory / "update.partial"
            partial.write_bytes(content.getbuffer())
            os.replace(partial, self._path(number))
            self._sizes[number] = size
        except OSError as error:
            warnings.warn(f"{self._path(number)}: {error}: not recorded, the training goes on", stacklevel=3)

    def _make_room(self, number: int, size: int) -> None:
        while self._sizes and (len(self._sizes) >= self._keep or sum(self._sizes.values()) + size > self._max_bytes):
            least = self._least_missed([*self._sizes, number])
            self._path(least).unlink(missing_ok=True)
            del self._sizes[least]

    @staticmethod
    def _least_missed(numbers: list[int]) -> int:
        """The one between the first and the last whose neighbours are closest; the first where there is none."""
        between = range(1, len(numbers) - 1)
        return numbers[min(between, key=lambda i: numbers[i + 1] - numbers[i - 1], default=0)]

    def _path(self, number: int) -> Path:
        return self._directory / f"update_{number:06d}.npz"


def _statistics(steps: np.ndarray[Any, Any]) -> dict[str, float]:
    """Of rewards [steps]."""
    found = (steps.mean(), steps.std(), steps.min(), steps.max(), steps.sum())
    return {"count": len(steps)} | dict(zip(("mean", "std", "min", "max", "sum"), map(float, found), strict=True))


def _numbers(metrics: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: None if value is None else float(value) for name, value in metrics.items()}


def _arrays(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """The arrays of a record by their path, without those that are None."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _arrays(value, f"{prefix}{name}/")
        elif value is not None:
            array = np.asarray(value)
            if array.dtype.kind not in PLAIN_KINDS:
                raise TypeError(f"{prefix}{name}: need numbers or text, got {array.dtype}")
            yield f"{prefix}{name}", array


def _yaml_lines(config: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in config.items():
        if isinstance(value, Mapping) and value:
            yield f"{indent}{_yaml_scalar(str(key))}:\n"
            yield from _yaml_lines(value, indent + "  ")
        else:
            yield f"{indent}{_yaml_scalar(str(key))}: {_yaml_scalar(value)}\n"


def _yaml_scalar(value: Any) -> str:
    """YAML 1.1 of a value; to it ``1e-05`` is text, and so are not ``on`` and ``no``."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        text = repr(value).replace("inf", ".inf").replace("nan", ".nan")
        return text if "e" not in text or "." in text else text.replace("e", ".0e")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_yaml_scalar, value))}]"
    if isinstance(value, str) and value.isidentifier() and value.lower() not in YAML_WORDS:
        return value
    return json.dumps(value, default=str)
