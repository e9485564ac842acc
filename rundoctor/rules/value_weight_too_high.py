"""The weight of the value loss starves the policy.

What
    vf_coef is far above the usual range, and weight x critic error dwarfs the policy's gradient.

Why
    The policy's gradient is of the order one (standardised advantages); the value loss's is about weight x error. With
    a joint gradient-norm clip, or a trunk that both share, the update goes to the critic and the policy stands still.

Evidence
    Weight against the usual range; the policy's share of the gradient norm; a median KL near zero; in a shared trunk
    weight x critic error, beside the policy's gradient of about 1: its head may move while the trunk is the critic's.

Stays silent
    Weights inside the usual range, where large returns are the cause instead. A policy that moves is a hazard where it
    has a trunk of its own.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: one norm clip over policy_loss + ent_coef x entropy_loss + vf_coef x
        value_loss.
    openai/baselines#766: a value loss orders of magnitude above the policy loss dominates the sum.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: actor and critic are clipped separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.gradient import LOG_NORMS, OUTWEIGHS, STARVED_SHARE, GradientShare, TrunkLoad
from rundoctor.facts.policy import SLOW_KL, PolicyMotion
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond_usual: float = 4.0
    """Weight over the upper end of the usual range: 10 and more, four times what any default uses."""
    starved_kl: float = SLOW_KL
    """Largest median KL of an update, in nats, of a policy that is left little of it: four times what a policy that
    stands still moves, and the least that the healthy development runs do (``facts/policy.py``)."""
    outweighs: float = OUTWEIGHS
    """Smallest weight x error that takes a shared trunk; see ``facts/gradient.py``."""
    starved_share: float = STARVED_SHARE
    """Largest share of the gradient norm of a policy that is outweighed; see ``facts/gradient.py``."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "reward-collapse"))
def check(
    vf_coef_in_force: Setting,
    policy_motion: PolicyMotion | Missing,
    gradient_share: GradientShare | Missing,
    trunk_load: TrunkLoad | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    vf_coef = vf_coef_in_force
    largest = limits.beyond_usual * (HYPERPARAMETERS["vf_coef"].usual or (0.0, 1.0))[1]
    if not vf_coef.value > largest:
        return
    claim = f"weight of the value loss, against {limits.beyond_usual:g} times the usual upper end"
    weight = Evidence(claim=claim, observed=vf_coef.value, relation=">", limit=largest, where=vf_coef.where)
    still = policy_motion.slower_than(limits.starved_kl) if isinstance(policy_motion, PolicyMotion) else ()
    outweighed = gradient_share.starved(limits.starved_share) if isinstance(gradient_share, GradientShare) else ()
    measured = isinstance(policy_motion, PolicyMotion)
    trunk = trunk_load.outweighs(limits.outweighs) if isinstance(trunk_load, TrunkLoad) else ()
    moves = measured and not (still or trunk)
    yield Finding(
        message=f"vf_coef {vf_coef.value:g} "
        + ("is far above the usual, and the policy moves all the same" if moves else "lets the critic take the update"),
        evidence=(weight, *still, *outweighed, *trunk),
        binding=bool(still or trunk) or (bool(outweighed) and not measured),
        about="vf_coef",
        onset=policy_motion.starved_from if isinstance(policy_motion, PolicyMotion) else None,
        decide_by=() if still or outweighed or trunk else (f"log approx_kl, and {LOG_NORMS.removeprefix('log ')}",),
    )
