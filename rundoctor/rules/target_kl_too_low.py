"""The KL target ends each update before it has moved the policy.

What
    target_kl is far below the usual 0.005 to 0.05 nat.

Why
    An update stops at the first minibatch whose KL passes the target. A target near the noise of a minibatch's KL stops
    at once: of the epochs in the config a step or two remain, and the critic, which shares the loop, gets no more.

Evidence
    Target against the usual range; epochs done against epochs configured; approximate KL of an update, and how often it
    is past the point at which an update stops.

Stays silent
    No target; a usual one, however often it stops an update: that is what it is for. A KL that shows the policy moving
    makes it a hazard.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: the loop is left at 1.5 x target_kl, before that minibatch's step.
    openai/spinningup#331: the policy's loop stops early, the value function's does not; in one loop both stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts.policy import SLOW_KL, PolicyMotion
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    below_usual: float = 0.2
    """Target over the lower end of the usual range, 0.005: at 1e-3 an update ends at half the least healthy KL."""
    stop: float = 1.5
    """KL over the target at which Stable-Baselines3 stops; others stop at 1."""
    always: float = 0.8
    """Smallest share of the updates that are past it, of a target that leaves none its epochs."""
    slow_kl: float = SLOW_KL
    """Largest median KL of an update, in nats, of a policy that such a target holds back."""
    epochs: float = 0.5
    """Largest share of the configured epochs that counts as cut short."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "critic-stalled"))
def check(
    target_kl: Setting,
    n_epochs: Setting | Missing,
    epochs_done: Curve | Missing,
    policy_motion: PolicyMotion | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    limit = limits.below_usual * (HYPERPARAMETERS["target_kl"].usual or (0.0, 1.0))[0]
    if not target_kl.value or not 0 < target_kl.value < limit:
        return
    claim = f"target_kl, against {limits.below_usual:g} times the usual lower end"
    proof = [Evidence(claim=claim, observed=target_kl.value, relation="<", limit=limit, where=target_kl.where)]
    share = _share_done(epochs_done, n_epochs)
    if share < limits.epochs and isinstance(epochs_done, Curve):
        claim = "epochs of an update over those configured"
        proof.append(Evidence(claim=claim, observed=share, relation="<", limit=limits.epochs, where=epochs_done.source))
    held = _held_back(policy_motion, target_kl, limits)
    acquitted = isinstance(policy_motion, PolicyMotion) and not held
    yield Finding(
        message=f"target_kl {target_kl.value:g} "
        + (
            "is far below the usual, and the policy moves all the same"
            if acquitted
            else "ends updates before the policy has moved"
        ),
        evidence=(*proof, *held),
        binding=bool(held),
        acquitted=acquitted,
        about="target_kl",
    )


def _held_back(motion: PolicyMotion | Missing, target: Setting, limits: Limits) -> tuple[Evidence, ...]:
    """A KL of nothing, or a small one that is past the target all the same."""
    if isinstance(motion, Missing) or motion.starved:
        return () if isinstance(motion, Missing) else motion.starvation
    past = float(np.mean(np.abs(motion.curve.value) > limits.stop * target.value))
    if past < limits.always or not motion.median < limits.slow_kl:
        return ()
    claim = f"share of the updates whose KL is past {limits.stop:g} x target_kl, where they stop"
    return (Evidence(claim=claim, observed=past, relation=">=", limit=limits.always, where=motion.where),)


def _share_done(done: Curve | Missing, configured: Setting | Missing) -> float:
    """Median epochs an update over the configured; 1 where the log does not count them."""
    if isinstance(done, Missing) or isinstance(configured, Missing) or len(done) < 2 or not configured.value > 0:
        return 1.0
    return signals.median(np.diff(done.value) / np.diff(done.step)) / float(configured.value)
