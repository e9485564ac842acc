"""The value clip is tight against the error the critic still has to correct.

What
    Value clipping is on with an absolute epsilon that is small against the critic's root-mean-square error.

Why
    Epsilon has the unit of a return. A sample whose prediction moved more than epsilon towards its target has no
    gradient until the next rollout, so an update closes a gap of a few epsilon: at 0.2 and an error near 400, more
    updates than the run has. Advantages are then built on a critic that says next to nothing.

Evidence
    epsilon / RMSE, median of the run; updates needed to travel that far against updates in the run; the share of values
    that the clip holds, where it is logged.

Stays silent
    Clip off or relative; rho above the limit; a clip that holds few values; a critic that explains its returns, unless
    it came to that late and its error is as large as ever. Without an error that can be told from noise it is skipped.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py, clip_range_vf: "this clipping depends on the reward scaling".
    hill-a/stable-baselines#216: the clip is on a difference of returns, not on a ratio.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: one clip_param for the ratio and for the value, on by default.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.critic import CriticError, CriticTracking
from rundoctor.facts.critic_delay import LATE, CriticDelay
from rundoctor.facts.value_clip import ValueClip
from rundoctor.model import Curve, Evidence, Finding, Missing, Run, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    tight: float = 0.15
    """Largest epsilon over RMSE; below it the clip binds on nearly nine samples in ten (P(|return - value| > epsilon)).
    The usual 0.2 on standardised returns, of which a critic that says zero errs by 1, stays above."""
    travel_per_epsilon: float = 4.0
    """Epsilons the mean prediction moves in one update: 4.0 measured on a tanh critic, 320 steps an update."""
    holds: float = 0.5
    """Smallest value_clip_fraction: CartPole has 0.99 and more where the clip is too tight, returns raw and a clip of
    0.2, and 0.03 to 0.3 late in a run whose returns are normalised."""
    late: float = LATE
    """Largest share of the run of a critic that came in time; see ``facts/critic_delay.py``."""
    updates: int = 8
    """Fewest updates whose number says what a run could reach."""


@rule(severity=Severity.ERROR, explains=("critic-stalled", "loss-explosion", "reward-collapse", "no-learning"))
def check(
    run: Run,
    active_value_clip: ValueClip,
    critic_error: CriticError,
    critic_tracking: CriticTracking | Missing,
    critic_explains: bool,
    critic_delay: CriticDelay,
    value_clip_fraction: Curve | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if run.updates < limits.updates:
        yield Missing(reason=f"{run.updates} updates are too few", log=f"keep the log of {limits.updates} updates")
        return
    epsilon, error = active_value_clip.epsilon, critic_error.typical()
    if active_value_clip.relative or not epsilon < limits.tight * error.low:
        return
    held = signals.median(value_clip_fraction.value) if isinstance(value_clip_fraction, Curve) else None
    late = critic_delay.held_back(limits.late)
    tracks = critic_explains or (isinstance(critic_tracking, CriticTracking) and not critic_tracking.lags)
    if (tracks and not late) or (held is not None and held < limits.holds):
        return
    blind = critic_tracking.blindness if isinstance(critic_tracking, CriticTracking) else ()
    seen = (*(() if held is None else (active_value_clip.holding(held, limits.holds),)), *late, *blind)
    far = _travel(epsilon, critic_error, run.updates_done, limits)
    short = far.observed > far.limit
    gap = f"at least {far.observed:,.0f} updates to close the gap, the run has {run.updates_done}"
    yield Finding(
        message=f"value clip {epsilon:g} against a critic error of {error}: "
        + (gap if short or not (late or blind) else "the critic lags all along")
        + f" ({critic_error.basis})",
        evidence=(active_value_clip.over(error.low, limits.tight), *seen, *((far,) if short else ())),
        onset=int(critic_error.step[0]),
        binding=short or bool(seen),
        decide_by=() if critic_error.exact or seen else ("log value_loss and value_clip_fraction per update",),
    )


def _travel(epsilon: float, error: CriticError, updates: int, limits: Limits) -> Evidence:
    claim = f"updates needed at about {limits.travel_per_epsilon:g} epsilon an update"
    needed = error.last().low / max(limits.travel_per_epsilon * epsilon, sys.float_info.min)
    return Evidence(claim=claim, observed=needed, relation=">", limit=float(updates), where=error.where)
