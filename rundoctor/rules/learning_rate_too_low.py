"""The learning rate is so low that the weights cannot move in this run.

What
    Learning rate x gradient steps of the whole run, the farthest Adam can carry a weight, is small against the weights
    themselves.

Why
    One Adam step moves a weight by about the learning rate at most. Weights start at 0.1 to 1, so a run whose total
    reach is a few hundredths ends with nearly the policy it began with.

Evidence
    Total reach below ``Limits.reach``; where it is logged, approximate KL of an update.

Stays silent
    Enough reach, or a KL that shows the policy moving: half of what rsl_rl steers to, where the reward climbs as slowly
    to the run's end; a usual rate in a run that is short.

References
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), about lr whatever the gradient's size.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: raises the rate by 1.5 where KL is below half of desired_kl, 0.01.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import SLOW_KL, STARVED_KL, PolicyMotion
from rundoctor.facts.rewards import Progress
from rundoctor.facts.rollout import AdamReach
from rundoctor.facts.step_size import ALL_ALONG
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    reach: float = 0.1
    """Smallest movement of a weight in the run: a tenth of an orthogonal layer's gain of 1."""
    ordinary_rate: float = 1e-4
    """Rate from which a short reach is the run's, which has too few steps, not the rate's."""
    updates: int = 8
    """Fewest updates whose reach says anything."""
    still_kl: float = STARVED_KL
    """Largest median KL of an update, in nats, of a policy that hardly moves; see ``facts/policy.py``."""
    slow_kl: float = SLOW_KL
    """The same where the reach is short as well; see ``facts/policy.py``."""
    climbing_kl: float = 5e-3
    """The same where, besides, the reward has not levelled off: rsl_rl raises the rate below it."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "critic-stalled"))
def check(
    chosen_learning_rate: Setting,
    adam_reach: AdamReach | Missing,
    policy_motion: PolicyMotion | Missing,
    mean_progress: Progress | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    rate, usual = chosen_learning_rate.value, (HYPERPARAMETERS["learning_rate"].usual or (0.0, 1.0))[0]
    reach = adam_reach.in_run if isinstance(adam_reach, AdamReach) and adam_reach.updates >= limits.updates else 1.0
    short = reach < limits.reach and rate < limits.ordinary_rate
    climbs = isinstance(mean_progress, Progress) and mean_progress.improved and mean_progress.trend >= ALL_ALONG
    limit_of_kl = limits.still_kl if not short else limits.climbing_kl if climbs else limits.slow_kl
    still = isinstance(policy_motion, PolicyMotion) and policy_motion.median < limit_of_kl
    if (isinstance(policy_motion, PolicyMotion) and not still) or not (short or rate < usual):
        return
    limit, claim = (usual, "lower end of the usual range") if rate < usual else (limits.ordinary_rate, "ordinary rate")
    claim, where = f"learning rate, {claim} beside it", chosen_learning_rate.where
    evidence = [Evidence(claim=claim, observed=rate, relation="<", limit=limit, where=where)]
    if isinstance(adam_reach, AdamReach) and short:
        evidence.insert(0, _reach(adam_reach, limits))
    if isinstance(policy_motion, PolicyMotion):
        evidence.append(_still(policy_motion, limit_of_kl))
    yield Finding(
        message=f"learning rate {rate:g}: "
        + (f"no weight can move far in {_run_in_words(adam_reach)}" if short or still else "below the usual range"),
        evidence=tuple(evidence),
        binding=short or still,
        about="learning_rate",
        decide_by=() if still else ("log approx_kl per update",),
    )


def _run_in_words(reach: AdamReach | Missing) -> str:
    """With the farthest a weight can go."""
    return f"{reach.updates} updates (at most {reach.in_run:.2g})" if isinstance(reach, AdamReach) else "this run"


def _reach(reach: AdamReach, limits: Limits) -> Evidence:
    claim = f"farthest a weight can move: rate x {reach.steps_per_update:g} steps x {reach.updates} updates"
    return Evidence(claim=claim, observed=reach.in_run, relation="<", limit=limits.reach, where=reach.where)


def _still(motion: PolicyMotion, limit: float) -> Evidence:
    claim = "median KL of an update (nat)"
    return Evidence(claim=claim, observed=motion.median, relation="<", limit=limit, where=motion.where)
