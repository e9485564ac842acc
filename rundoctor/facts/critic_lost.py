"""Whether the critic lost what it knew from one update to the next, just where the reward began to fall."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.rewards import Reward
from rundoctor.facts.steady_policy import SteadyPolicy
from rundoctor.model import Curve, Evidence, Missing

LEVEL = 3
"""Updates on either side over which the explained variance is a level."""
BEFORE = 5
"""Fewest different rewards until then, of which the last is the height."""
KNEW = 0.5
"""Explained variance from which a critic knows what is paid, and has something to lose."""
AT_ITS_HEIGHT = 0.05
"""Largest distance of the reward from the best so far, over its range, that counts as being there."""


class CriticLost(NamedTuple):
    """The update at which the explained variance falls most while the reward turns from its height."""

    step: int
    before: float
    """Explained variance before it."""
    lost: float
    """Share of it that is gone; above 1 where it is negative then."""
    fallen: float
    """How far the reward ends below its height then, over the range of the run."""
    height: float
    """The reward's height then."""
    end: float
    """The reward in the end."""
    where: str

    @property
    def message(self) -> str:
        """It in words."""
        return (
            f"mean reward turns at update {self.step}, from {self.height:.4g} down to {self.end:.4g}, and there "
            "the critic loses what it knew"
        )

    def evidence(self, lost: float, fallen: float) -> tuple[Evidence, Evidence]:
        """Both numbers beside their limits."""
        where = f"{self.where}, update {self.step}"
        critic = f"share of its explained variance, {self.before:.2f}, that the critic loses at once"
        reward = "fall of the mean reward from its height at that update to the end, over its range"
        return (
            Evidence(claim=critic, observed=self.lost, relation=">", limit=lost, where=where),
            Evidence(claim=reward, observed=self.fallen, relation=">", limit=fallen, where=where),
        )


@fact
def critic_lost(explained_variance: Curve, reward: Reward, steady_policy: SteadyPolicy) -> CriticLost | Missing:
    """Among the updates at which the policy hardly moved and the reward stood at its height."""
    explained, curve = explained_variance, reward.latest
    if reward.is_maximum or len(curve) <= BEFORE:
        return Missing(reason="too few points of mean reward", log="log the mean episode reward per update")
    places = range(LEVEL, len(explained) - LEVEL + 1)
    found = [lost for k in places if (lost := _at(explained, k, curve)) is not None]
    kept = [lost for lost in found if steady_policy.stays_around(lost.step, LEVEL)]
    if not kept:
        return Missing(reason="at no update does the reward turn for a critic that knew it and a policy that stays")
    return max(kept, key=lambda lost: lost.lost)


def _at(explained: Curve, k: int, curve: Curve) -> CriticLost | None:
    step = int(explained.step[k])
    earlier = curve.value[curve.step <= step]
    span = float(np.ptp(curve.value))
    pace = int(np.diff(curve.step).max())
    lately = curve.value[(curve.step <= step) & (curve.step >= step - LEVEL - pace)]
    if 1 + np.count_nonzero(np.diff(earlier)) < BEFORE or len(curve) == len(earlier) or not span > 0 or not len(lately):
        return None
    height = float(earlier.max())
    if height - float(lately.max()) > AT_ITS_HEIGHT * span:
        return None
    before, after = signals.median(explained.value[k - LEVEL : k]), signals.median(explained.value[k : k + LEVEL])
    if before < KNEW:
        return None
    end = signals.tail(curve.value)
    return CriticLost(step, before, (before - after) / before, (height - end) / span, height, end, explained.source)
