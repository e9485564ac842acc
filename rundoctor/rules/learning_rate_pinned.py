"""An adaptive learning rate sits at its bound.

What
    A rate that follows the KL has been at its lowest or highest allowed value for most of the second half of the run.

Why
    The rate is divided by 1.5 where the KL is above twice its target and multiplied where it is below half, between
    1e-5 or 1e-6 and 1e-2. At a bound the control has ended: at the lower one even the smallest steps move the policy
    too far, at the upper one no step moves it far enough, and in either case something else is wrong.

Evidence
    Share of the late updates at the bound.

Stays silent
    Rates between the bounds; trainers whose rate does not follow the KL. Without a symptom it is a hazard.

References
    rsl-rl-lib 5.5.1, algorithms/ppo.py: the adaptive schedule, its factor and its bounds.
    rl_games 1.6.5, common/schedulers.py, and skrl 2.1.1, kl_adaptive.py: the same rule, down to 1e-6.
    leggedrobotics/rsl_rl#221: the rate's jump after a resume, and the loss that follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Evidence, Finding, Missing, Run, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share: float = 0.5
    """Smallest share of the second half of the run at a bound."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "kl-blow-up", "reward-collapse"))
def check(run: Run, learning_rate_curve: Curve, limits: Limits = Limits()) -> Iterator[Finding | Missing]:
    bounds = framework_named(run.format).rate_bounds
    if bounds is None:
        yield Missing(reason="the trainer's learning rate does not follow the KL")
        return
    late = learning_rate_curve.value[len(learning_rate_curve) // 2 :]
    for word, bound in zip(("lowest", "highest"), bounds, strict=True):
        share = float(np.mean(np.isclose(late, bound, rtol=0.01)))
        if share > limits.share:
            claim = f"share of the second half at the {word} rate, {bound:g}"
            where = learning_rate_curve.source
            yield Finding(
                message=f"the adaptive learning rate is at its {word} value, {bound:g}",
                evidence=(Evidence(claim=claim, observed=share, relation=">", limit=limits.share, where=where),),
                about="learning_rate",
            )
