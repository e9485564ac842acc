"""The policy clip range is so narrow that an update can hardly move the policy.

What
    clip_range lies far below the usual 0.05 to 0.4.

Why
    A sample loses its gradient once its ratio has left the range, so an update ends near a KL of range^2 / 2 whatever
    the learning rate: 5e-5 nat at 0.01, a hundredth of what an update at 0.2 may move.

Evidence
    Clip range against the usual range; approximate KL of an update.

Stays silent
    Ranges inside the usual one; a KL that shows the policy moving makes it a hazard.

References
    Spinning Up, algorithms/ppo.rst (2092113): epsilon says roughly how far the new policy may go from the old.
    Stable-Baselines3 2.9.2, ppo/ppo.py: the ratio is clamped to 1 +- clip_range, 0.2 by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    below_usual: float = 0.4
    """Range over the lower end of the usual one, 0.05: at 0.02 an update ends near 2e-4 nat, a starved policy's."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen"))
def check(
    clip_range_in_force: Setting, policy_motion: PolicyMotion | Missing, limits: Limits = Limits()
) -> Iterator[Finding]:
    width, limit = (
        clip_range_in_force.value,
        limits.below_usual * (HYPERPARAMETERS["clip_range"].usual or (0.0, 1.0))[0],
    )
    if not 0 < width < limit:
        return
    claim = f"clip range, against {limits.below_usual:g} times the usual lower end"
    proof = Evidence(claim=claim, observed=width, relation="<", limit=limit, where=clip_range_in_force.where)
    starved = isinstance(policy_motion, PolicyMotion) and policy_motion.starved
    yield Finding(
        message=f"policy clip range {width:g} ends an update near {width**2 / 2:.2g} nat",
        evidence=(proof, *(policy_motion.starvation if isinstance(policy_motion, PolicyMotion) else ())),
        binding=starved,
        acquitted=isinstance(policy_motion, PolicyMotion) and not starved,
        about="clip_range",
        decide_by=() if isinstance(policy_motion, PolicyMotion) else ("log approx_kl per update",),
    )
