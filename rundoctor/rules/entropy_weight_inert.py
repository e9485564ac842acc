"""The entropy bonus has nothing to act on.

What
    ent_coef is not zero, and the actions' standard deviation is the same number in every update.

Why
    The entropy of a Gaussian depends on its deviation alone. Where that is fixed the bonus is a constant in the loss,
    without gradient.

Evidence
    The weight; the deviation of every update.

Stays silent
    A deviation that moves at all; a weight of zero; discrete actions.

References
    wisnunugroho21/reinforcement_learning_ppo_rnd#8: always the same entropy, since the deviation is a fixed parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.model import Curve, Finding, Kind, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    updates: int = 8
    """Fewest updates over which a deviation that is trained would have moved."""


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(ent_coef_in_force: Setting, action_std: Curve, limits: Limits = Limits()) -> Iterator[Finding]:
    constant = len(action_std) >= limits.updates and float(np.ptp(action_std.value)) == 0
    if ent_coef_in_force.value and constant:
        message = (
            f"ent_coef {ent_coef_in_force.value:g} has no effect: the deviation is {action_std.value[0]:g} throughout"
        )
        yield Finding(message=message, where=ent_coef_in_force.where)
