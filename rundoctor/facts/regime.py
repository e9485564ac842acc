"""Whether what a step is worth jumped during the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.components import ComponentUse
from rundoctor.facts.rollout import LOG_COMPONENTS
from rundoctor.facts.steady_policy import SteadyPolicy
from rundoctor.model import Curve, Evidence, Missing

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

    @property
    def message(self) -> str:
        """It in words."""
        return f"{self.name} goes from {self.before:.3g} to {self.after:.3g} a step at update {self.step}"

    def evidence(self, jump: float, relative: float) -> tuple[Evidence, Evidence]:
        """Both numbers beside their limits."""
        where = f"{self.where}, update {self.step}"
        spread = f"jump of {self.name} per step over its spread before and after"
        size = "size of the jump over the reward per step before it"
        return (
            Evidence(claim=spread, observed=self.jump, relation=">", limit=jump, where=where),
            Evidence(claim=size, observed=self.relative, relation=">", limit=relative, where=where),
        )


CERTAIN = 1e6
"""A change of something that had no spread at all."""
LEVEL = 3
"""Fewest updates before a change that make a level: a reward that rises from the first update on has none."""
STEADY = 0.05
"""Largest relative spread of a reward per step that counts as steady."""
HARDLY = 0.1
"""Share of a change by which a point may be off and still belong to the level before it."""
SLOW_START = 5
"""Updates in which a policy may learn little before it learns fast."""
AT_ONCE = 0.7
"""Least share of a change between two levels that two updates make up; a policy takes more of them to learn it."""
LEVELLED = 0.5
"""Largest range before a change, over the change, that still is a level."""
BEHAVIOUR = 2.0
"""Growth of the episode length over which the reward of a step must have stayed steady: only then is it the task's, not
the policy's."""


@fact
def reward_step(
    component_use: dict[str, ComponentUse] | Missing,
    step_reward: Curve | Missing,
    episode_steps: Curve | Missing,
    steady_policy: SteadyPolicy | Missing,
) -> RewardStep | Missing:
    """Of the component that jumps most; without components, of a reward per step that was steady until then.

    A reward that differs from step to step jumps with the policy too, so it is left out where the policy did.
    """
    best = None if isinstance(component_use, Missing) else _largest_jump(component_use, steady_policy)
    if best is not None and best.jump > 0:
        return best
    whole: RewardStep | Missing = Missing(reason="no reward per step", log="log the mean reward and episode length")
    if isinstance(step_reward, Curve) and isinstance(episode_steps, Curve):
        whole = _departure(step_reward, episode_steps)
    return best if best is not None and isinstance(whole, Missing) else whole


def _largest_jump(uses: dict[str, ComponentUse], policy: SteadyPolicy | Missing) -> RewardStep | None:
    size = max(signals.median(np.abs(use.per_step)) for use in uses.values())
    jumps = [_jump(use, size, policy) for use in uses.values() if len(use.per_step) >= 6]
    return max(jumps, key=lambda step: step.jump * step.relative, default=None)


def _jump(use: ComponentUse, size: float, policy: SteadyPolicy | Missing) -> RewardStep:
    """The best split of a component into two levels; a jump of 0 where the policy may have made it."""
    split, jump = signals.step_change(use.per_step)
    before, after = signals.median(use.per_step[:split]), signals.median(use.per_step[split:])
    change, reference = abs(after - before), max(abs(before), size)
    relative = change / reference if reference > 0 else 0.0
    first = _begins(use.per_step, split, before, HARDLY * change)
    step = int(use.step[first])
    steady = bool(np.nanmax(use.within[: max(1, first)]) <= STEADY * abs(before))
    learned = not steady and not (_at_once(use.per_step, first, change) and _stays(policy, step))
    jump = 0.0 if first < LEVEL or learned else min(jump, CERTAIN)
    return RewardStep(use.name, step, before, after, jump, relative, "reward_components_stats.json", steady)


def _at_once(values: Floats, first: int, change: float) -> bool:
    """Whether the values leave a level for another one within two updates."""
    soon = values[min(first + 1, len(values) - 1)]
    level = first >= SLOW_START and float(np.ptp(values[:first])) < LEVELLED * change
    return level and bool(abs(soon - values[first - 1]) > AT_ONCE * change)


def _stays(policy: SteadyPolicy | Missing, step: int) -> bool:
    return isinstance(policy, Missing) or policy.moved_little(step - 1, step)


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
    if begins < len(values):
        begins = _begins(values, begins, level, HARDLY * STEADY * abs(level))
    common = np.isin(lengths.step, reward.step[:begins])
    lengths_before = lengths.value[common]
    if begins < max(4, len(values) // 5) or not np.ptp(lengths_before) > (BEHAVIOUR - 1) * lengths_before.min():
        return Missing(reason="the reward of a step changes with the policy", log=LOG_COMPONENTS)
    if begins == len(values):
        return RewardStep("reward", int(reward.step[-1]), level, level, 0.0, 0.0, reward.source, False)
    after = float(values[-1])
    spread = max(float(np.std(values[:begins])), abs(level) / CERTAIN)
    jump, relative = abs(after - level) / spread, abs(after - level) / abs(level)
    return RewardStep(
        "reward", int(reward.step[begins]), level, after, min(jump, CERTAIN), relative, reward.source, True
    )
