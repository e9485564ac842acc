"""One arm of a replay, by canonical hyper-parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rundoctor.model.replay import Arm
from rundoctor.replaying.arms.translation import recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One arm: what it changes in the run's values, both by canonical name."""

    name: str
    arm: Arm
    values: Mapping[str, Any]
    """The run's."""
    edits: Mapping[str, Any]

    @property
    def trained_with(self) -> dict[str, Any]:
        """The values of the arm."""
        return {**self.values, **self.edits}

    def trains_as(self, other: Plan) -> bool:
        """Whether the core trains both alike, so that what tells them apart leaves no trace."""
        return recipe(self.trained_with) == recipe(other.trained_with)

    @property
    def changes(self) -> tuple[str, ...]:
        """What the arm changes, such as ``clip_range_vf 0.2 -> 410``."""
        old = self.values
        changed = {name: new for name, new in self.edits.items() if new != old.get(name)}
        return tuple(f"{name} {_written(old.get(name))} -> {_written(new)}" for name, new in changed.items())


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "unset", True: "on", False: "off"}[value]
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)
