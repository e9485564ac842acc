"""The discount ends the agent's foresight long before the episode ends.

What
    The horizon 1 / (1 - gamma) is a small part of the episode's length.

Why
    A reward k steps ahead counts gamma^k. With gamma 0.3 nothing beyond three steps exists for the agent, so what must
    be given up now for later is never learned, and the reward levels off where short sight still pays.

Evidence
    Horizon in steps over the mean episode length; for the critic, returns of the size of a few steps' rewards.

Stays silent
    Horizons of a tenth of the episode and more, or of a third where they are below four steps and episodes do not get
    shorter, as they do when the goal is met; one of ten steps and more is a hazard below 3 %. Episodes that always have
    one length say nothing of how far ahead is worth looking: there only a horizon below ten steps is told, as a hazard,
    or as a cause below four.

References
    Schulman et al. 2016, arXiv:1506.02438: the discount as a bias that buys variance.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): how far into the future the agent should care; 0.8 to
        0.995.
    Linesight-RL/linesight#6: gamma 0.85 leaves 3 % of a punishment that comes 20 steps later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.model import Curve, Evidence, Finding, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    short_steps: float = 10.0
    """Shortest horizon seen to learn: gamma 0.9 on Pendulum-v1."""
    short_fraction: float = 0.1
    """Largest horizon over episode length for a horizon that short; 0.99 has 0.1 at episodes of 1000 steps."""
    far_fraction: float = 0.03
    """The same for a longer horizon: a hazard alone, since tuned runs at 0.05 learn well."""
    blind_steps: float = 4.0
    """Horizon in steps that no task of fixed-length episodes survives: gamma 3/4, below every published discount."""
    blind_fraction: float = 1 / 3
    """Largest horizon over episode length for one below that, where failure keeps episodes short: what comes three
    horizons later counts 5 % at most."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse"))
def check(gamma: Setting, episode_steps: Curve, limits: Limits = Limits()) -> Iterator[Finding]:
    if not 0 <= gamma.value < 1:
        return
    horizon, length = 1 / (1 - gamma.value), signals.tail(episode_steps.value)
    short, blind = horizon < limits.short_steps, horizon < limits.blind_steps
    fixed = float(np.ptp(episode_steps.value)) == 0
    lasts = not fixed and length >= signals.head(episode_steps.value)
    limit = limits.short_fraction if short else limits.far_fraction
    limit = limits.blind_fraction if blind and lasts else limit
    if not horizon < limit * length or (fixed and not short):
        return
    yield Finding(
        message=f"gamma {gamma.value:g} looks {horizon:.3g} steps ahead, episodes last {length:.4g}",
        evidence=(
            Evidence(
                claim="horizon 1 / (1 - gamma) over episode length",
                observed=horizon / length,
                relation="<",
                limit=limit,
                where=f"{gamma.where}, {episode_steps.source}",
            ),
        ),
        binding=short and (not fixed or blind),
    )
