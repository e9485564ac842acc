"""One arm of a recorded replay: what a plan changes, put upon the recorded configuration."""

from __future__ import annotations

import dataclasses

from rundoctor.model.replay import Arm
from rundoctor.ppo.config import Config
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.arms.translation import recipe


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A configuration beside the control."""

    name: str
    """Name of the fix, of several joined by ``+``, or of the arm."""
    arm: Arm
    config: Config
    changes: tuple[str, ...] = ()
    """What differs from the control, such as ``clip_range_vf 0.2 -> 410``."""


def upon(base: Config, plan: Plan, form: str) -> Config:
    """The recorded configuration with what the plan changes.

    Raises:
        ValueError: it changes what a recorded update holds fixed.
    """
    before, after = recipe(plan.values, form), recipe(plan.trained_with, form)
    if "shared_trunk" in plan.edits:
        raise ValueError("the recorded network has its trunks as they are")
    if before.reward_scale != after.reward_scale:
        raise ValueError("recorded rewards have one unit: normalize-returns tries another")
    names = (field.name for field in dataclasses.fields(Config))
    changed = {name: getattr(after.config, name) for name in names}
    return dataclasses.replace(
        base, **{name: value for name, value in changed.items() if value != getattr(before.config, name)}
    )
