"""The squared value error is clamped below the size of the returns.

What
    A ceiling on the squared error lies far below the squared size of the returns.

Why
    The gradient of min((v - R)^2, c) is exactly zero where |v - R| > sqrt(c), in both directions. The clamp does not
    tame the critic, it switches it off, and the logged loss looks stable because it is pinned at the clamp.

Evidence
    sqrt(clamp) over the size of the returns below ``Limits.narrow``; a total loss that stays at weight x clamp while
    the returns grow. Where the config has no clamp, a value loss of raw returns that stands on one number.

Stays silent
    No clamp, or one above the errors the critic makes; normalised returns; a loss that moves, or of a critic that
    explains something.

References
    Ray RLlib, ppo_torch_learner.py (04bef2a): the squared error is clamped at vf_clip_param; vf_loss_unclipped
        beside it.
    ray-project/ray#22171: the change that brought the clamp in.
    ray-project/ray#8908: value clipping as a common cause of users' problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Interval, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    narrow: float = 0.5
    """Largest sqrt(clamp) over the size of the returns: half of it leaves most samples without gradient."""
    pinned: float = 0.4
    """Smallest last loss over weight x clamp that counts as pinned."""
    refuted: float = 8.0
    """Largest: eight components may be clamped each, a loss beyond that was never clamped."""


@rule(severity=Severity.ERROR, explains=("critic-stalled", "reward-collapse", "no-learning"))
def check(
    value_loss_clamp_in_force: Setting,
    target_scale: ReturnScale,
    value_weight: Interval,
    vf_coef: Setting | Missing,
    normalize_returns: Setting | Missing,
    loss: Curve | Missing,
    value_loss: Curve | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    in_force, scale = value_loss_clamp_in_force, target_scale.last()
    clamp = in_force.value or 0.0
    normalized = isinstance(normalize_returns, Setting) and normalize_returns.value
    weight = vf_coef.value if isinstance(vf_coef, Setting) else value_weight.high
    sits, ceiling = (loss, weight * clamp) if in_force.path else (value_loss, clamp)
    pinned = _pinned(sits, ceiling)
    if not clamp > 0 or not clamp**0.5 < limits.narrow * scale.low or pinned > limits.refuted:
        return
    if normalized and pinned < limits.pinned:
        return
    bound = Evidence(
        claim="sqrt(clamp) over the size of the returns: beyond it no sample has a gradient",
        observed=clamp**0.5 / scale.low,
        relation="<",
        limit=limits.narrow,
        where=in_force.where,
    )
    yield Finding(
        message=f"the squared value error is clamped at {clamp:g} while returns are about {scale}: "
        f"no gradient for errors above {clamp**0.5:.3g}",
        evidence=(bound, *_pinned_evidence(pinned, sits, limits)),
        binding=pinned >= limits.pinned,
        onset=int(target_scale.step[0]),
        decide_by=("log the unclamped value loss",),
    )


def _pinned(loss: Curve | Missing, ceiling: float) -> float:
    if isinstance(loss, Missing):
        return 0.0
    level = signals.tail(loss.value)
    steady = float(np.ptp(loss.value[len(loss) // 2 :])) < level
    return level / ceiling if steady and ceiling > 0 else 0.0


def _pinned_evidence(pinned: float, loss: Curve | Missing, limits: Limits) -> tuple[Evidence, ...]:
    if isinstance(loss, Missing) or pinned < limits.pinned:
        return ()
    claim = "loss of the last fifth over its ceiling, at which it sits"
    return (Evidence(claim=claim, observed=pinned, relation=">=", limit=limits.pinned, where=loss.source),)
