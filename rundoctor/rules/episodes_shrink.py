"""Episodes end sooner and sooner while the reward does not fall.

What
    The mean episode length falls far below its first level and the reward per episode holds or rises.

Why
    A symptom of a reward that pays for ending: each step costs more than it can earn. In a task where the goal ends the
    episode it is success, and the reward then rises above what standing still would pay.

Evidence
    Last over first level of the episode length; sign of the reward per step.

Stays silent
    Positive rewards per step; episodes that end because the goal is reached, where the reward per step rises.

References
    docs/limits.md: what episode length can and cannot show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Kind, Severity
from rundoctor.rules import rule


@dataclass(frozen=True)
class Limits:
    """Thresholds of this rule."""

    shorter: float = 0.6
    """Largest last over first episode length."""


@rule(severity=Severity.WARNING, kind=Kind.SYMPTOM)
def check(episode_steps: Curve, step_reward: Curve, progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    ratio = signals.growth(episode_steps.value)
    cost = -signals.tail(step_reward.value)
    cheaper = cost < -0.5 * signals.head(step_reward.value)
    if not ratio < limits.shorter or cost <= 0 or cheaper or not progress.improved:
        return
    first, last = signals.head(episode_steps.value), signals.tail(episode_steps.value)
    claim = "episode length, last over first, at a cost a step that hardly changes"
    yield Finding(
        message=f"episodes shrink from {first:.4g} to {last:.4g} steps, each step still costs {cost:.3g}",
        evidence=(
            Evidence(claim=claim, observed=ratio, relation="<", limit=limits.shorter, where=episode_steps.source),
        ),
    )
