"""The learning rate was decayed to nothing long before the run ended.

What
    By a schedule that only falls, the rate spends much of the run below a hundredth of what it began with.

Why
    A schedule is planned over a number of steps. Where that number is smaller than the run's, or the decay is per
    update where it was meant per epoch, the rest of the run collects data that changes nothing.

Evidence
    Share of the updates with a rate below a hundredth of the first.

Stays silent
    A linear decay to zero at the end, which is below that for the last hundredth alone; rates that go up and down. It
    is a hazard without a symptom: the policy may have been done by then.

References
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): the rate decays linearly and reaches 0 at max_steps.
    Stable-Baselines3 2.9.2, common/utils.py: a schedule is a function of the progress remaining.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.model import Curve, Evidence, Finding, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    left: float = 0.01
    """Share of the first rate that counts as nothing; a linear decay gets there in its last hundredth."""
    share: float = 0.3
    """Smallest share of the updates spent below it."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen"))
def check(learning_rate_curve: Curve, limits: Limits = Limits()) -> Iterator[Finding]:
    rates = learning_rate_curve.value
    if not rates[0] > 0 or np.any(np.diff(rates) > 0):
        return
    spent = rates < limits.left * rates[0]
    share = float(spent.mean())
    if not share > limits.share:
        return
    first = int(learning_rate_curve.step[int(np.argmax(spent))])
    claim = f"share of the updates with less than {limits.left:g} of the first rate"
    proof = Evidence(claim=claim, observed=share, relation=">", limit=limits.share, where=learning_rate_curve.source)
    yield Finding(
        message=f"the learning rate falls from {rates[0]:.3g} to {rates[-1]:.3g} and is spent from update {first} on",
        evidence=(proof,),
        onset=first,
        about="learning_rate",
    )
