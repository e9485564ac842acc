"""The value clip is wider than any error and does nothing.

What
    Epsilon is several times the critic's error.

Why
    A clip that never binds is the same as none, which is well; but the key suggests a protection that is not there.

Evidence
    Epsilon over the critic's error; no value clip fraction above zero.

Stays silent
    Clips that bind; relative clips; clips that are off.

References
    CleanRL, ppo_continuous_action.py (016ca33): the maximum of the clipped and the plain error, equal inside
        epsilon.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import CriticError
from rundoctor.facts.value_clip import ValueClip
from rundoctor.model import Curve, Finding, Kind, Missing, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    loose: float = 3.0
    """Smallest epsilon over the critic's error, beyond which only outliers of three deviations are clipped."""


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(
    active_value_clip: ValueClip,
    critic_error: CriticError,
    value_clip_fraction: Curve | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    largest = max(critic_error.first().high, critic_error.last().high)
    wide = not active_value_clip.relative and active_value_clip.epsilon > limits.loose * largest > 0
    binds = isinstance(value_clip_fraction, Curve) and bool(value_clip_fraction.value.any())
    if wide and not binds:
        message = (
            f"{active_value_clip.path} {active_value_clip.epsilon:g} never binds: the error is at most {largest:.3g}"
        )
        yield Finding(message=message, where=active_value_clip.where)
