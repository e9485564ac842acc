"""The learning rate is so low that the weights cannot move in this run.

What
    Learning rate x gradient steps of the whole run, the farthest Adam can carry a weight, is small against the weights
    themselves.

Why
    One Adam step moves a weight by about the learning rate at most. Weights start at 0.1 to 1, so a run whose total
    reach is a few hundredths ends with nearly the policy it began with.

Evidence
    Rate below the ordinary ones, and a total reach below ``Limits.reach`` or an approximate KL of an update that is
    next to nothing.

Stays silent
    Ordinary rates, however short the run; a KL that shows the policy moving as far as rsl_rl steers to, or, where the
    reach is long or not known, more than a starved policy. A rate below the usual range of which no more is known is a
    hazard.

References
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), about lr whatever the gradient's size.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: steers the rate to a KL of desired_kl, 0.01.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import STARVED_KL, PolicyMotion
from rundoctor.facts.rollout import AdamReach
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    reach: float = 0.2
    """Smallest movement of a weight in the run, beside an orthogonal layer's gain of 1: the runs that a low rate holds
    back have 0.09 at most, healthy ones 0.48 and more (benchmarks/corpus)."""
    ordinary_rate: float = 1e-4
    """Rate from which a short reach is the run's, which has too few steps, not the rate's: rates of those runs are
    4e-5 at most, healthy ones 3e-4 and more."""
    updates: int = 8
    """Fewest updates whose reach says anything."""
    still_kl: float = STARVED_KL
    """Largest median KL of an update, in nats, of a policy that hardly moves; see ``facts/policy.py``."""
    slow_kl: float = 1e-2
    """The same where the reach is short: what rsl_rl steers to."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "critic-stalled"))
def check(
    chosen_learning_rate: Setting,
    adam_reach: AdamReach | Missing,
    policy_motion: PolicyMotion | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    rate, usual = chosen_learning_rate.value, (HYPERPARAMETERS["learning_rate"].usual or (0.0, 1.0))[0]
    reach = adam_reach.in_run if isinstance(adam_reach, AdamReach) and adam_reach.updates >= limits.updates else 1.0
    short = reach < limits.reach
    limit_of_kl = limits.slow_kl if short else limits.still_kl
    still = isinstance(policy_motion, PolicyMotion) and policy_motion.median < limit_of_kl
    moves = isinstance(policy_motion, PolicyMotion) and not still
    if rate >= limits.ordinary_rate or moves or not (short or still or rate < usual):
        return
    limit, claim = (usual, "lower end of the usual range") if rate < usual else (limits.ordinary_rate, "ordinary rate")
    claim, where = f"learning rate, {claim} beside it", chosen_learning_rate.where
    evidence = [Evidence(claim=claim, observed=rate, relation="<", limit=limit, where=where)]
    effect = "the policy hardly moves" if still else "below the usual range"
    if isinstance(adam_reach, AdamReach) and short:
        evidence.insert(0, _reach(adam_reach, limits))
        effect = f"no weight can move far in {adam_reach.updates} updates (at most {adam_reach.in_run:.2g})"
    if isinstance(policy_motion, PolicyMotion):
        evidence.append(_still(policy_motion, limit_of_kl))
    yield Finding(
        message=f"learning rate {rate:g}: {effect}",
        evidence=tuple(evidence),
        binding=short or still,
        about="learning_rate",
        decide_by=() if still else ("log approx_kl per update",),
    )


def _reach(reach: AdamReach, limits: Limits) -> Evidence:
    claim = f"farthest a weight can move: rate x {reach.steps_per_update:g} steps x {reach.updates} updates"
    return Evidence(claim=claim, observed=reach.in_run, relation="<", limit=limits.reach, where=reach.where)


def _still(motion: PolicyMotion, limit: float) -> Evidence:
    claim = "median KL of an update (nat)"
    return Evidence(claim=claim, observed=motion.median, relation="<", limit=limit, where=motion.where)
