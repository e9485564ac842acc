"""The gradient-norm clip is so tight that Adam's epsilon takes the step.

What
    max_grad_norm spread over the network's weights is below the epsilon in Adam's denominator.

Why
    Adam divides a gradient by its own size, so a norm clip does no harm until gradients reach epsilon: a step is
    lr x g / (g + eps). A norm c over P weights leaves each about c / sqrt(P); below 1e-5 the step shrinks with it, and
    no learning rate in the config is the one in force.

Evidence
    c / sqrt(P) over epsilon, for the weights of one hidden layer of policy and critic; approximate KL of an update.

Stays silent
    Usual clips, which bind on every update and cost nothing; clips that are off; a KL that shows the policy moving
    makes it a hazard.

References
    Stable-Baselines3 2.9.2, common/policies.py: Adam with eps 1e-5; ppo/ppo.py: max_grad_norm 0.5.
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.normalization import TANH_WIDTH
from rundoctor.facts.policy import PolicyMotion
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule

ADAM_EPSILON = 1e-5
"""That of Stable-Baselines3 and CleanRL; PyTorch's own is 1e-8."""


class Limits(NamedTuple):
    """Thresholds of this rule."""

    over_epsilon: float = 1.0
    """Least gradient of a weight over epsilon; at 1 half of Adam's step is left."""


@rule(severity=Severity.WARNING, explains=("no-learning", "policy-frozen", "critic-stalled"))
def check(
    max_grad_norm: Setting,
    hidden_dim: Setting | Missing,
    policy_motion: PolicyMotion | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    width = hidden_dim.value if isinstance(hidden_dim, Setting) else TANH_WIDTH
    if not max_grad_norm.value or not max_grad_norm.value > 0 or not width > 0:
        return
    weights = 2 * width * width
    share = max_grad_norm.value / weights**0.5 / ADAM_EPSILON
    if not share < limits.over_epsilon:
        return
    claim = f"gradient of one of {weights:g} weights, at most, over Adam's epsilon {ADAM_EPSILON:g}"
    proof = Evidence(claim=claim, observed=share, relation="<", limit=limits.over_epsilon, where=max_grad_norm.where)
    starved = isinstance(policy_motion, PolicyMotion) and policy_motion.starved
    yield Finding(
        message=f"max_grad_norm {max_grad_norm.value:g} leaves {share / (share + 1):.1%} of Adam's step",
        evidence=(proof, *(policy_motion.starvation if isinstance(policy_motion, PolicyMotion) else ())),
        binding=starved,
        acquitted=isinstance(policy_motion, PolicyMotion) and not starved,
        about="max_grad_norm",
    )
