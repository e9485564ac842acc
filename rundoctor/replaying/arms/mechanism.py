"""What of a run's mechanism a surrogate task has to share: the numbers, and what had to be assumed for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rundoctor.conversion import OFF_WHEN_NULL, is_schedule
from rundoctor.errors import RundoctorError
from rundoctor.facts import FactBook
from rundoctor.facts.normalization import ReturnUnit
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Run, Setting
from rundoctor.replaying.arms import sizes, task_kind
from rundoctor.replaying.arms.assumed import understood
from rundoctor.replaying.arms.return_size import return_size

USUAL: Mapping[str, Any] = {
    "learning_rate": 3e-4,
    "n_epochs": 10,
    "batch_size": 64,
    "rollout_steps": 2048,
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "clip_range": 0.2,
    "vf_coef": 0.5,
    "ent_coef": 0.0,
    "max_grad_norm": 0.5,
    "normalize_advantage": True,
    "normalize_returns": False,
    "hidden_dim": 64,
}
"""Taken where neither config nor log says; Stable-Baselines3 2.9.2 (``ppo.py``, ``policies.py``)."""
IN_FORCE = ("learning_rate", "ent_coef", "clip_range")
"""Hyper-parameters that the log may show."""
OPEN = ("shared_trunk",)
"""Hyper-parameters that decide which fix helps, so that both answers are replayed where nobody says."""
WIDEST = 64
"""Widest hidden layer that is replayed."""
POSSIBLE: Mapping[str, tuple[float, float]] = {
    "learning_rate": (0, math.inf),
    "n_epochs": (1, 1_000),
    "batch_size": (1, math.inf),
    "rollout_steps": (1, math.inf),
    "hidden_dim": (1, math.inf),
    "gamma": (0, 1),
    "gae_lambda": (0, 1),
    "clip_range": (0, math.inf),
}
"""Least and most that can be trained with; of epochs, that anybody can wait for."""
MOVES = 1.5
"""Largest over smallest logged value from which a hyper-parameter counts as one that changes; ours."""
FEWEST_SAMPLES = 512
"""Samples of a replayed rollout, at least."""
LEAST_BATCH = 16
"""Samples of a replayed minibatch, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """What a surrogate is matched to."""

    values: Mapping[str, Any]
    """Every hyper-parameter in force, by canonical name."""
    minibatches: int
    """In an epoch."""
    batch_size: int
    """Samples of a replayed minibatch."""
    return_size: float | None
    """Root mean square of the targets of a critic that says zero, at the start; raw reward unit. None where the critic
    learns in a unit of its own."""
    discrete: bool
    ends: bool | None
    """Whether episodes end by what the policy does; None where lengths are not logged."""
    pays: int
    """Sign of the reward of a step at the start; 0 where it is about zero, rises above it, or is not known."""
    unresolved: tuple[str, ...]
    """Hyper-parameters replayed both ways."""
    assumptions: tuple[str, ...]

    @property
    def steps_per_update(self) -> int:
        """Gradient steps of the unchanged run in an update."""
        return int(self.values["n_epochs"]) * self.minibatches


def mechanism(run: Run, assumed: Mapping[str, Any]) -> Mechanism:
    """Read off the run what there is, and take the usual or the user's word for the rest.

    Args:
        run: the run to replay.
        assumed: the user's words by canonical name, ``activation`` and ``discrete`` among them.

    Raises:
        RundoctorError: a value with which there is no training.
    """
    book = FactBook(run)
    notes: list[str] = []
    values = values_in_force(run, book, assumed, notes)
    minibatches = sizes.minibatches(values, notes)
    batch = sizes.batch_of(max(LEAST_BATCH, math.ceil(FEWEST_SAMPLES / minibatches)), values, notes)
    return Mechanism(
        values={**values, "batch_size": batch, "hidden_dim": sizes.width(values, WIDEST, notes)},
        minibatches=minibatches,
        batch_size=batch,
        return_size=None if values["normalize_returns"] else return_size(book, notes),
        discrete=task_kind.discrete(run, assumed, notes),
        ends=task_kind.ends(book, notes),
        pays=task_kind.pays(book),
        unresolved=unresolved(values),
        assumptions=tuple(notes),
    )


def values_in_force(run: Run, book: FactBook, assumed: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """Every hyper-parameter by canonical name: the user's word, else the log's, the config's, the usual one.

    What was assumed is added to ``notes``. Raises ``RundoctorError`` for a value with which there is no training.
    """
    values = {name: setting.value for name, setting in run.settings.items()}
    for name in IN_FORCE:
        shown = book.get(f"{name}_in_force")
        if isinstance(shown, Setting):
            values[name] = shown.value
    unit = book.get("return_unit")
    if isinstance(unit, ReturnUnit) and unit.contradicted:
        values["normalize_returns"] = False
        notes.append("returns are not normalised: the config says they are, the log shows that they are not")
    size = book.get("rollout_size")
    if isinstance(size, Setting):
        values["rollout_steps"] = size.value
    for name, value in USUAL.items():
        unsaid = name not in values or (values[name] is None and name not in OFF_WHEN_NULL)
        if unsaid and name not in assumed:
            values[name] = value
            notes.append(f"{name} is {_written(value)}: the config has no usable value")
    notes += _schedules(run, {name: value for name, value in values.items() if name not in assumed})
    for name, value in understood(assumed).items():
        if name in HYPERPARAMETERS:
            values[name] = value
            notes.append(f"{name} is {_written(value)}, as you said")
    return _checked(values)


def _schedules(run: Run, values: Mapping[str, Any]) -> Iterator[str]:
    """What the config or the log says of values that change in training, each of which is replayed as one."""
    for name in IN_FORCE:
        setting, logged = run.settings.get(name), run.curves.get(name)
        if name not in values:
            continue
        if setting is not None and is_schedule(setting.raw):
            yield f"{name} is {_written(values[name])} throughout: the config's schedule {setting.raw} is not followed"
        elif logged is not None and len(logged) and logged.value.max() > MOVES * abs(logged.value.min()):
            first, last = (_written(float(logged.value[k])) for k in (0, -1))
            yield f"{name} is {_written(values[name])} throughout: that it went from {first} to {last} is not followed"


def unresolved(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Hyper-parameters that nobody says and that decide which fix helps."""
    return tuple(name for name in OPEN if name not in values)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Raise for numbers that cannot be trained with; they would stop the core with a worse message."""
    for name in USUAL:
        value = values[name]
        if value is None and name in OFF_WHEN_NULL:
            continue
        if isinstance(value, bool) is not (HYPERPARAMETERS[name].kind is bool) or not math.isfinite(value):
            raise RundoctorError(f"{name} is {value!r}: that cannot be replayed", "correct the config")
    if values["max_grad_norm"] is not None and values["max_grad_norm"] <= 0:
        raise RundoctorError(f"max_grad_norm is {values['max_grad_norm']:g}: nothing moves", "correct the config")
    for name, (least, most) in POSSIBLE.items():
        if not least <= values[name] <= most:
            bounds = f"at least {least}" if math.isinf(most) else f"from {least} to {most}"
            raise RundoctorError(f"{name} is {values[name]:g}: that cannot be replayed", f"it has to be {bounds}")
    return values | {name: int(values[name]) for name in POSSIBLE if HYPERPARAMETERS[name].kind is int}


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}"
