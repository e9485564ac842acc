"""What is left of the reward's costs where nothing else is ever paid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Missing, Run


class CostLeft(NamedTuple):
    """The last cost of an episode over the first, in a run in which no step ever pays more than zero."""

    share: float
    longer: float
    """Last over first episode length; infinite where all episodes have one length, or it is not known."""
    where: str

    def fails_as_soon(self, step_left: float) -> bool:
        """Whether episodes end no later than at first although each step costs less: so they do not end in success."""
        return self.longer <= 1 and self.share < step_left * self.longer

    def evidence(self, limit: float) -> tuple[Evidence, ...]:
        """The share, where it is below the limit."""
        claim = "last cost over the first, where no step pays more than zero"
        proof = Evidence(claim=claim, observed=self.share, relation="<", limit=limit, where=self.where)
        return (proof,) if self.share < limit else ()


@fact
def cost_left(run: Run, mean_progress: Progress, episode_steps: Curve | Missing) -> CostLeft | Missing:
    total = run.episodes.components.get("total_reward") if run.episodes is not None else None
    largest = np.nan if total is None else float(np.nanmax(total.maximum, initial=-np.inf))
    if not np.isfinite(largest):
        return Missing(reason="the largest reward of a step is not logged", log="log its max per episode")
    if largest > 0 or not mean_progress.start < 0:
        return Missing(reason="the rewards are not costs alone")
    longer = np.inf
    if isinstance(episode_steps, Curve) and float(np.ptp(episode_steps.value)) > 0:
        longer = signals.tail(episode_steps.value) / max(signals.head(episode_steps.value), 1.0)
    return CostLeft(mean_progress.last / mean_progress.start, longer, mean_progress.where)
