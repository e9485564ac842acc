"""The entropy weight is negative: the policy is paid for being certain.

What
    ent_coef is below zero, or was applied with the wrong sign.

Why
    The total loss subtracts ent_coef x entropy. A negative weight turns the exploration bonus into a penalty, so the
    policy hardens before it has seen what pays; where the reward is dense it may learn all the same. The less noise is
    left, the larger is the KL of the same step.

Evidence
    The sign of the weight; where it is logged, the entropy that is left.

Stays silent
    Weights of zero and above.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: the loss adds ent_coef x entropy_loss, which is minus the entropy.
    ray-project/ray#4369: the coefficient's sign differed between algorithms.
    PKU-Alignment/omnisafe#133: entropy was minimised where it should be maximised.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import Evidence, Finding, Setting, Severity
from rundoctor.rules import rule


@rule(severity=Severity.ERROR, explains=("entropy-collapse", "kl-blow-up", "no-learning", "reward-collapse"))
def check(ent_coef_in_force: Setting) -> Iterator[Finding]:
    weight = ent_coef_in_force.value
    if weight < 0:
        claim = "weight of the entropy bonus"
        proof = Evidence(claim=claim, observed=weight, relation="<", limit=0.0, where=ent_coef_in_force.where)
        yield Finding(message=f"ent_coef {weight:g} punishes exploration", evidence=(proof,), about="ent_coef")
