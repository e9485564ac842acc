"""The critic learns returns in raw reward units that it cannot reach in this run.

What
    Returns are not normalised by the evidence of the log, and they are large against what Adam can move the critic.

Why
    One Adam step moves a value by at most about learning rate x (width + 1), so a critic that must say 1000 needs
    hundreds of updates. Until then the value gradient, which grows with the error, takes a shared trunk and a joint
    gradient-norm clip, and advantages rest on no baseline.

Evidence
    Critic error in raw units; updates Adam needs to cover it against updates in the run; a critic that explains
    nothing, or in a shared trunk that it outweighs little or late; a config that says the returns are normalised.

Stays silent
    Errors of the order one (normalised units). Unless the critic was late and outweighs the policy in a shared trunk: a
    critic that explains most of its returns, however large they are; a run with enough updates to get there.

References
    van Hasselt et al. 2016, arXiv:1602.07714: learning is not invariant to the scale of the targets.
    Stable-Baselines3 2.9.2, common/vec_env/vec_normalize.py: rewards over the deviation of the discounted return.
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), about lr whatever the gradient's size.
    DLR-RM/stable-baselines3#737: a value loss of 1e7, and the advice to scale the rewards down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import CriticError, CriticTracking
from rundoctor.facts.critic_delay import LATE, CriticDelay
from rundoctor.facts.gradient import OUTWEIGHS, TrunkLoad
from rundoctor.facts.normalization import CriticTravel, ReturnUnit
from rundoctor.model import Finding, Missing, Run, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    large_error: float = 10.0
    """Smallest RMSE; a critic of zero errs by 1 on standardised targets."""
    out_of_reach: float = 0.4
    """Updates needed over updates in the run: one that arrives so late has misled what came before."""
    outweighs: float = OUTWEIGHS
    """Smallest weight x error that takes a shared trunk; see ``facts/gradient.py``."""
    late: float = LATE
    """Largest share of the run of a critic that came in time; see ``facts/critic_delay.py``."""
    updates: int = 8
    """Fewest that say what a run could reach."""


EFFECTS = ("critic-stalled", "loss-explosion", "reward-collapse", "no-learning", "policy-frozen")


@rule(severity=Severity.ERROR, explains=EFFECTS)
def check(
    run: Run,
    return_unit: ReturnUnit,
    critic_error: CriticError,
    critic_travel: CriticTravel | Missing,
    critic_tracking: CriticTracking | Missing,
    critic_explains: bool,
    critic_explains_most: bool,
    critic_delay: CriticDelay,
    trunk_load: TrunkLoad | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if run.updates < limits.updates:
        yield Missing(reason=f"{run.updates} updates are too few", log=f"keep the log of {limits.updates} updates")
        return
    error = critic_error.last()
    trunk = trunk_load.outweighs(limits.outweighs) if isinstance(trunk_load, TrunkLoad) else ()
    late = critic_delay.late(limits.late) if trunk else ()
    if return_unit.raw is not True or not error.low > limits.large_error or (critic_explains_most and not late):
        return
    if critic_explains and isinstance(critic_travel, Missing):
        return
    if isinstance(critic_tracking, CriticTracking) and not critic_tracking.stalled and not trunk:
        return
    travel = critic_travel.short(limits.out_of_reach) if isinstance(critic_travel, CriticTravel) else ()
    if isinstance(critic_travel, CriticTravel) and not (travel or late):
        return
    yield Finding(
        message=f"the critic still errs by {error} in raw reward units ({critic_error.basis})" + _claimed(return_unit),
        evidence=(critic_error.evidence(limits.large_error), *travel, *trunk, *late),
        onset=int(critic_error.step[0]),
        binding=not (isinstance(critic_travel, Missing) and isinstance(critic_tracking, Missing)),
        decide_by=() if critic_error.exact else ("log value_loss and explained_variance per update",),
    )


def _claimed(unit: ReturnUnit) -> str:
    if unit.contradicted:
        return f", although {unit.configured_at} says they are: that had no effect, or was set after this log"
    return "" if unit.configured is None else f": {unit.configured_at} is off"
