"""Whether a reward that had been the same in every step, whatever the policy did, left its level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.components import ComponentUse
from rundoctor.facts.reward_change.change import CERTAIN, Change, Sign
from rundoctor.facts.rollout import LOG_COMPONENTS
from rundoctor.model import Curve, Missing, Run

if TYPE_CHECKING:
    from rundoctor.model import Floats

LEVEL = 3
"""Fewest updates before a change that make a level: a reward that rises from the first update on has none."""
STEADY = 0.05
"""Largest relative spread of a reward per step that counts as the same in every step."""
HARDLY = 0.1
"""Share of a change by which a point may be off and still belong to the level before it."""
BEHAVIOUR = 2.0
"""Growth of the episode length over which the reward of a step must have stayed steady: only then is it the task's, not
the policy's."""


@fact
def reward_levels(
    run: Run,
    component_use: dict[str, ComponentUse] | Missing,
    step_reward: Curve | Missing,
    episode_steps: Curve | Missing,
) -> tuple[Change, ...] | Missing:
    """Of each component that jumps, and of the whole reward per step."""
    uses = {} if isinstance(component_use, Missing) else component_use
    source = run.episodes.source if run.episodes else ""
    size = max((signals.median(np.abs(use.per_step)) for use in uses.values()), default=0.0)
    jumps = [_jump(use, size, source) for use in uses.values() if len(use.per_step) >= 2 * LEVEL]
    whole: Change | Missing | None = Missing(reason="no reward per step", log="log the mean reward and episode length")
    if isinstance(step_reward, Curve) and isinstance(episode_steps, Curve):
        whole = _departure(step_reward, episode_steps)
    if isinstance(whole, Missing) and not jumps:
        return whole
    return tuple(change for change in [*jumps, whole] if isinstance(change, Change))


def _jump(use: ComponentUse, largest: float, source: str) -> Change | None:
    """The best split of a component into two levels, where every step of the first was paid the same."""
    split, jump = signals.step_change(use.per_step)
    levels = signals.median(use.per_step[:split]), signals.median(use.per_step[split:])
    first = _begins(use.per_step, split, levels[0], HARDLY * abs(levels[1] - levels[0]))
    if first < LEVEL or not np.fmax.reduce(use.within[:first]) <= STEADY * abs(levels[0]):
        return None
    size = max(abs(levels[0]), largest)
    return _change(use.name, int(use.step[first]), levels, jump, size, source)


def _departure(reward: Curve, lengths: Curve) -> Change | Missing | None:
    """The update from which a reward per step leaves the level that changing behaviour had left alone.

    Logs that average over the last episodes smear a jump, so the change is measured from the steady part to the end.
    """
    values = reward.value
    level = signals.median(values[: max(3, len(values) // 4)])
    if level == 0:
        return Missing(reason="the reward began at zero: the rest may be success", log=LOG_COMPONENTS)
    away = np.abs(values - level) > STEADY * abs(level)
    begins = int(np.argmax(away)) if away.any() else len(values)
    if begins < len(values):
        begins = _begins(values, begins, level, HARDLY * STEADY * abs(level))
    before = lengths.value[np.isin(lengths.step, reward.step[:begins])]
    if begins < max(LEVEL + 1, len(values) // 5) or not np.ptp(before) > (BEHAVIOUR - 1) * before.min():
        return Missing(reason="the reward of a step changes with the policy", log=LOG_COMPONENTS)
    if begins == len(values):
        return None
    jump = abs(values[-1] - level) / max(float(np.std(values[:begins])), abs(level) / CERTAIN)
    return _change("reward", int(reward.step[begins]), (level, float(values[-1])), jump, abs(level), reward.source)


def _begins(values: Floats, place: int, level: float, little: float) -> int:
    """Walk back from a place to the first of the points before it that had left the level already."""
    while place > 1 and abs(values[place - 1] - level) > little:
        place -= 1
    return place


def _change(name: str, step: int, levels: tuple[float, float], jump: float, size: float, source: str) -> Change:
    before, after = levels
    relative = abs(after - before) / size if size > 0 else 0.0
    return Change(
        step=step,
        message=f"{name} goes from {before:.3g} to {after:.3g} a step at update {step}",
        signs=(
            Sign("jump", f"jump of {name} per step over its spread before and after", min(jump, CERTAIN)),
            Sign("relative", "jump over the reward per step before it, or over the largest component's", relative),
        ),
        source=source,
    )
