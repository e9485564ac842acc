"""What was read of one training run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One logged number over the updates of a run."""

    name: str
    """Canonical metric name, such as ``approx_kl``; an unknown column keeps its own name."""
    step: Ints
    """Update index of each value, sorted, strictly increasing. Shape [n], read-only."""
    value: Floats
    """Finite values. Shape [n], read-only."""
    broken: Ints
    """Updates at which the log says NaN or infinity; a blank is not logged at all. Shape [m], read-only."""
    source: str
    """File the values were read from, relative to the run."""
    infinite: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Those of ``broken`` whose value is infinite: no log writes infinity for want of a value. Shape [k], read-only."""

    @classmethod
    def from_points(cls, name: str, step: Any, value: Any, source: str) -> Curve:
        """Sort, keep the last value of a step, and set the non-finite ones apart.

        Args:
            name: canonical metric name.
            step: integers [n], any order.
            value: floats [n], NaN and infinity allowed.
            source: file name for evidence.
        """
        steps = np.asarray(step, dtype=np.int64)
        values = np.asarray(value, dtype=np.float64)
        order = np.argsort(steps, kind="stable")
        steps, values = steps[order], values[order]
        if len(steps) > 1:
            last = np.append(steps[1:] != steps[:-1], True)
            steps, values = steps[last], values[last]
        finite = np.isfinite(values)
        arrays = steps[finite], values[finite], steps[~finite], steps[np.isinf(values)]
        for array in arrays:
            array.flags.writeable = False
        return cls(name=name, step=arrays[0], value=arrays[1], broken=arrays[2], infinite=arrays[3], source=source)

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """Per-step statistics of one reward component, one row an episode. Shape [episodes]; NaN where not logged."""

    name: str
    count: Floats
    """Steps of the episode; 0 means the component was absent, whatever its mean says."""
    mean: Floats
    std: Floats
    minimum: Floats
    maximum: Floats
    total: Floats
    """Sum over the episode."""
    weight: Floats
    """The trainer's weight of the component in that episode; NaN where not logged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episodes:
    """What is logged per episode rather than per update."""

    index: Ints
    """Episode number, sorted. Shape [episodes]."""
    components: Mapping[str, Component]
    """By name, the total among them as ``total_reward``."""
    scalars: Mapping[str, Floats]
    """Other numbers by canonical name, such as ``learning_rate``. Shape [episodes]; NaN where not logged."""
    source: str
    infinite: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Numbers of the episodes whose total reward is infinite; their row says NaN. Shape [k], read-only."""

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One hyper-parameter as the trainer reads it."""

    name: str
    """Canonical name, see ``hyperparameters.py``."""
    path: str
    """Dotted path in the config, such as ``trainer.value_clip_epsilon``."""
    value: Any
    """Plain value: number, bool, string, None, or a dict of numbers for weights by component."""
    raw: str = ""
    """The characters in the file."""
    where: str = ""
    """``config.yaml:212``; for an implied setting the trainer and version whose default it is."""
    implied: bool = False
    """True when the key is absent and the value is the identified trainer's default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One scalar of the config file, wherever it stands."""

    path: tuple[str, ...]
    value: Any
    raw: str
    start: int
    """Offset of the first character of the value in the text."""
    end: int
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFlaw:
    """Something in the config file itself that misleads its reader."""

    kind: str
    """Name of the remark it belongs to, such as ``duplicate-key``."""
    message: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A config file as text and as the scalars in it."""

    file: str
    """Name relative to the run."""
    path: str
    """Where the file lies on disk."""
    text: str
    entries: tuple[Entry, ...]
    flaws: tuple[ConfigFlaw, ...] = ()
    is_file: bool = True
    """Whether the text is a file's whole content; else it is part of a log and cannot be patched."""
    was_found: bool = False
    """Whether it was found with the run, and was not named by the user."""
    patched_since: str = ""
    """Name of the file that has replaced this one since the log was written; empty where this is the config itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """How the reading of one file went."""

    file: str
    read: int
    """Rows (or config values) taken."""
    skipped: int = 0
    """Rows that could not be used."""
    notes: tuple[str, ...] = ()
    """What was not used, and why."""
    another: str = ""
    """Path of a log that is left out since it may be that of another run."""


LONGEST_LOG_INTERVAL = 100
"""Updates between two rows of a log; a counter that goes on by more counts something else, such as steps."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Everything that was read of one training run."""

    path: str
    format: str
    """Name of the framework whose files these are: ``rundoctor``, ``sb3``, ..."""
    curves: Mapping[str, Curve] = field(default_factory=dict)
    """By canonical metric name; unknown numeric columns under their own name."""
    episodes: Episodes | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """By canonical hyper-parameter name."""
    config: Config | None = None
    inputs: tuple[Input, ...] = ()
    sessions: tuple[int, ...] = ()
    """Updates at which a resumed session starts; task, reward and config may have changed there."""
    source: str = ""
    """Path of the trainer's source that was read, empty where none was given."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Column by canonical metric, as the user said."""
    updates_a_point: float = 1.0
    """Updates that a point of the log stands for, where the trainer is known to write less often than it updates."""

    @property
    def updates(self) -> int:
        """Number of updates logged."""
        return max((len(curve) + len(curve.broken) for curve in self.curves.values()), default=0)

    @property
    def updates_done(self) -> int:
        """Number of updates the log spans: more than are logged where only every so many are."""
        if self.updates_a_point > 1:
            return round(self.updates * self.updates_a_point)
        steps = [np.append(curve.step, curve.broken) for curve in self.curves.values()]
        every = max(steps, key=len, default=np.array([]))
        if len(every) < 2:
            return self.updates
        gap = int(np.sort(np.diff(np.sort(every)))[(len(every) - 1) // 2])
        return int(np.ptp(every)) + gap if 0 < gap <= LONGEST_LOG_INTERVAL else self.updates

    @property
    def episode_count(self) -> int | None:
        """Number of episodes, from their own log or from the counter in the update log; None when neither says."""
        if self.episodes is not None:
            return len(self.episodes)
        counter = self.curves.get("episodes_done")
        return int(counter.value[-1]) if counter is not None and len(counter) else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the readers could not use, and why, file by file."""
        return tuple(f"{read.file}: {note}" for read in self.inputs for note in read.notes)

    def frame(self) -> pandas.DataFrame:
        """Return the curves as a pandas frame, one row an update, one column a metric."""
        import pandas

        columns = {name: pandas.Series(curve.value, index=curve.step) for name, curve in self.curves.items()}
        frame: pandas.DataFrame = pandas.DataFrame(columns).rename_axis("update")
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return the ``run`` part of the JSON contract."""
        from rundoctor.plain import run_to_dict

        return run_to_dict(self)
