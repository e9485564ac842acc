"""The returns are smaller than one step of the critic.

What
    The size of the returns is below what a single Adam step moves a value by, and nothing scales them.

Why
    One step moves a value by about learning rate x (width + 1), whatever the loss. Returns below that are lost in the
    critic's own jitter, and advantages, standardised to one, are made of that jitter.

Evidence
    Size of the returns over an Adam step of the critic; the critic's error over the size of the returns.

Stays silent
    A rate above the usual range, which is the fault then; normalised rewards or returns; rewards that are exactly
    zero, which are another matter. A critic whose error is smaller than its returns makes it a hazard.

References
    lcswillems/rl-starter-files#30: rewards of 0.02 and 0.001, a return stuck at 0.010 to 0.012.
        Times ten, it rises.
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), about lr whatever the gradient's size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.critic import CriticError
from rundoctor.facts.normalization import TANH_WIDTH
from rundoctor.facts.rewards import ReturnScale
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    over_step: float = 1.0
    """Smallest size of the returns over one Adam step of the critic."""
    jitter: float = 1.0
    """Least error over the size of the returns of a critic that is worth less than zero."""


@rule(severity=Severity.WARNING, explains=("no-learning", "critic-stalled", "critic-worse-than-mean"))
def check(
    return_scale: ReturnScale,
    learning_rate_in_force: Setting,
    hidden_dim: Setting | Missing,
    critic_error: CriticError | Missing,
    normalize_returns: Setting | Missing,
    normalize_rewards: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    if any(isinstance(flag, Setting) and flag.value for flag in (normalize_returns, normalize_rewards)):
        return
    if return_scale.is_maximum or return_scale.changes_sign:
        yield Missing(reason="the size of the returns is not known", log="log return_std per update")
        return
    width = int(hidden_dim.value) if isinstance(hidden_dim, Setting) else TANH_WIDTH
    rate = min(learning_rate_in_force.value, (HYPERPARAMETERS["learning_rate"].usual or (0.0, 1.0))[1])
    size, step = return_scale.last().high, rate * (width + 1)
    if not 0 < size < limits.over_step * step:
        return
    claim = f"size of the returns over an Adam step of the critic, {step:.3g} (rate x (width {width} + 1))"
    proof = [
        Evidence(claim=claim, observed=size / step, relation="<", limit=limits.over_step, where=return_scale.where)
    ]
    if isinstance(critic_error, CriticError) and critic_error.last().low > limits.jitter * size:
        claim, worth = "critic's error over the size of the returns", critic_error.last().low / size
        where = critic_error.where
        proof.append(Evidence(claim=claim, observed=worth, relation=">", limit=limits.jitter, where=where))
    yield Finding(
        message=f"returns are about {size:.3g}, and one step of the critic moves its values by {step:.3g}",
        evidence=tuple(proof),
        binding=len(proof) > 1,
        acquitted=isinstance(critic_error, CriticError) and critic_error.last().high < limits.jitter * size,
    )
