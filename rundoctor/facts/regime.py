"""Whether what a step is worth jumped during the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.components import ComponentUse
from rundoctor.facts.rollout import LOG_COMPONENTS
from rundoctor.model import Curve, Missing

if TYPE_CHECKING:
    from rundoctor.model import Floats


class RewardStep(NamedTuple):
    """The clearest change in the reward of a step."""

    name: str
    step: int
    """Update at which the new level begins."""
    before: float
    after: float
    jump: float
    """Change over the spread while it was steady, at most ``CERTAIN``."""
    relative: float
    """Change over the size before it, or over the largest component's where that is larger."""
    where: str
    of_the_task: bool
    """Whether it cannot be the policy's doing: a reward that was the same in every step, whatever the policy did."""


CERTAIN = 1e6
"""A change of something that had no spread at all."""
LEVEL = 3
"""Fewest updates before a change that make a level: a reward that rises from the first update on has none."""
STEADY = 0.05
"""Largest relative spread of a reward per step that counts as steady."""
HARDLY = 0.1
"""Share of a change by which a point may be off and still belong to the level before it."""
BEHAVIOUR = 2.0
"""Growth of the episode length over which the reward of a step must have stayed steady: only then is it the task's, not
the policy's."""


@fact
def reward_step(
    component_use: dict[str, ComponentUse] | Missing, step_reward: Curve | Missing, episode_steps: Curve | Missing
) -> RewardStep | Missing:
    """Of the component that jumps most; without components, of a reward per step that was steady until then."""
    if not isinstance(component_use, Missing):
        sizes = [signals.median(np.abs(use.per_step)) for use in component_use.values() if len(use.per_step)]
        size = float(max(sizes, default=0.0))
        found = [_jump(use, size) for use in component_use.values()]
        known = [step for step in found if step is not None]
        if known:
            return max(known, key=lambda step: step.jump * step.relative)
    if isinstance(step_reward, Curve) and isinstance(episode_steps, Curve):
        return _departure(step_reward, episode_steps)
    return Missing(reason="no reward per step", log="log the mean reward and the mean episode length")


def _jump(use: ComponentUse, size: float) -> RewardStep | None:
    """The best split of a component into two levels."""
    if len(use.per_step) < 6:
        return None
    split, jump = signals.step_change(use.per_step)
    before, after = signals.median(use.per_step[:split]), signals.median(use.per_step[split:])
    reference = max(abs(before), size)
    relative = abs(after - before) / reference if reference > 0 else 0.0
    first = _begins(use.per_step, split, before, HARDLY * abs(after - before))
    if first < LEVEL:
        return None
    steady = bool(np.nanmax(use.within[:first]) <= STEADY * abs(before)) if first else False
    where = "reward_components_stats.json"
    return RewardStep(use.name, int(use.step[first]), before, after, min(jump, CERTAIN), relative, where, steady)


def _begins(values: Floats, place: int, level: float, little: float) -> int:
    """Walk back from a place to the first of the points before it that had left the level already."""
    while place > 1 and abs(values[place - 1] - level) > little:
        place -= 1
    return place


def _departure(reward: Curve, lengths: Curve) -> RewardStep | Missing:
    """The update from which a reward per step leaves the level that changing behaviour had left alone.

    Logs that average over the last episodes smear a jump, so the change is measured from the steady part to the end.
    """
    values = reward.value
    level = signals.median(values[: max(3, len(values) // 4)])
    if level == 0:
        return Missing(reason="the reward began at zero: the rest may be success", log=LOG_COMPONENTS)
    away = np.abs(values - level) > STEADY * abs(level)
    begins = int(np.argmax(away)) if away.any() else len(values)
    common = np.isin(lengths.step, reward.step[:begins])
    lengths_before = lengths.value[common]
    if begins < max(4, len(values) // 5) or not np.ptp(lengths_before) > (BEHAVIOUR - 1) * lengths_before.min():
        return Missing(reason="the reward of a step changes with the policy", log=LOG_COMPONENTS)
    if begins == len(values):
        return RewardStep("reward", int(reward.step[-1]), level, level, 0.0, 0.0, reward.source, False)
    begins = _begins(values, begins, level, HARDLY * STEADY * abs(level))
    after = float(values[-1])
    spread = max(float(np.std(values[:begins])), abs(level) / CERTAIN)
    jump, relative = abs(after - level) / spread, abs(after - level) / abs(level)
    return RewardStep(
        "reward", int(reward.step[begins]), level, after, min(jump, CERTAIN), relative, reward.source, True
    )
