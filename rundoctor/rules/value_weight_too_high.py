"""The weight of the value loss starves the policy.

What
    vf_coef is far above the usual range, and weight x critic error dwarfs the policy's gradient.

Why
    The policy's gradient is of the order one (standardised advantages); the value loss's is about weight x error. With
    a joint gradient-norm clip, or a trunk that both share, the update goes to the critic and the policy stands still.

Evidence
    Weight against the usual range; weight x critic error; approximate KL and clip fraction near zero while the reward
    is still far from level.

Stays silent
    Weights inside the usual range, where large returns are the cause instead; a policy that moves.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: one norm clip over policy_loss + ent_coef x entropy_loss + vf_coef x
        value_loss.
    openai/baselines#766: a value loss orders of magnitude above the policy loss dominates the sum.
    rsl-rl-lib 5.5.1, algorithms/ppo.py: actor and critic are clipped separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import CriticError
from rundoctor.facts.policy import STARVED_KL, PolicyMotion
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond_usual: float = 4.0
    """Weight over the upper end of the usual range: 10 and more, four times what any default uses."""
    starved_kl: float = STARVED_KL
    """Largest median KL of an update, in nats, of a policy that hardly moves; see ``facts/policy.py``."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "reward-collapse"))
def check(
    vf_coef_in_force: Setting,
    policy_motion: PolicyMotion | Missing,
    critic_error: CriticError | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    vf_coef, usual = vf_coef_in_force, HYPERPARAMETERS["vf_coef"].usual or (0.0, 1.0)
    if not vf_coef.value > limits.beyond_usual * usual[1]:
        return
    starved = isinstance(policy_motion, PolicyMotion) and policy_motion.median < limits.starved_kl
    evidence = [
        Evidence(
            claim=f"weight of the value loss, against {limits.beyond_usual:g} times the usual upper end",
            observed=vf_coef.value,
            relation=">",
            limit=limits.beyond_usual * usual[1],
            where=vf_coef.where,
        )
    ]
    if isinstance(policy_motion, PolicyMotion) and starved:
        evidence.append(_stands_still(policy_motion, limits))
    share = f", weight x RMSE {_share(vf_coef, critic_error):,.3g}" if _share(vf_coef, critic_error) else ""
    yield Finding(
        message=f"vf_coef {vf_coef.value:g} lets the critic take the update{share}",
        evidence=tuple(evidence),
        binding=starved,
        about="vf_coef",
        onset=policy_motion.starved_from if isinstance(policy_motion, PolicyMotion) else None,
        decide_by=() if starved else ("log approx_kl and the gradient norms of policy and critic",),
    )


def _share(weight: Setting, error: CriticError | Missing) -> float:
    return float(weight.value * error.last().low) if isinstance(error, CriticError) and error.exact else 0.0


def _stands_still(motion: PolicyMotion, limits: Limits) -> Evidence:
    return Evidence(
        claim="median KL of an update (nat): the policy hardly moves",
        observed=motion.median,
        relation="<",
        limit=limits.starved_kl,
        where=motion.where,
    )
