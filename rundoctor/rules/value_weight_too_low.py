"""The critic is hardly trained: the weight of its loss, or its learning rate, is about zero.

What
    vf_coef, or the critic's own learning rate, is zero or far below the usual range.

Why
    A critic without gradient stays what it was at the start, and advantages are returns without a baseline. Where the
    critic has its own layers Adam divides a small weight out, until the gradient is below its epsilon; in a shared
    trunk the policy's gradient then decides what the features are.

Evidence
    The weight; explained variance that stays at zero; the share of its full step that Adam takes, g / (g + epsilon).
    Where that is small explained variance acquits nobody: returns of GAE hold the values themselves.

Stays silent
    Usual weights; a small weight on a large error, whose weighted square is an ordinary loss. A critic that explains
    its returns all the same, at a weight that Adam divides out, is a hazard.

References
    Stable-Baselines3 2.9.2, ppo/ppo.py: the loss is policy + ent_coef x entropy + vf_coef x value, one optimiser.
    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps).
    DLR-RM/stable-baselines3#1533: vf_coef 0 against a value loss that dominates, which leaves the critic untrained.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.critic import BLIND
from rundoctor.facts.gradient import CriticStep
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    below_usual: float = 0.1
    """Weight, or rate, over the lower end of the usual range, 0.1 and 1e-5."""
    explained: float = BLIND
    """Largest explained variance of a critic that has learned nothing; see ``facts/critic.py``."""
    step: float = 0.5
    """Largest share of Adam's full step: the gradient is below epsilon there."""


@rule(
    severity=Severity.WARNING,
    explains=("critic-stalled", "critic-worse-than-mean", "no-learning", "reward-collapse"),
)
def check(
    vf_coef_in_force: Setting | Missing,
    critic_learning_rate: Setting | Missing,
    value_loss: Curve | Missing,
    explained_variance: Curve | Missing,
    critic_step: CriticStep | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    judged = [one for one in (vf_coef_in_force, critic_learning_rate) if isinstance(one, Setting)]
    if not judged:
        yield Missing(reason="neither the weight of the value loss nor the critic's rate is known", log="write vf_coef")
        return
    low = [(one, _limit(one.name, limits)) for one in judged if 0 <= one.value < _limit(one.name, limits)]
    if not low or (low[0][0].name == "vf_coef" and _counts(low[0][0].value, value_loss, low[0][1])):
        return
    weight, limit = low[0]
    claim = f"{weight.name}, against {limits.below_usual:g} times the usual lower end"
    small = Evidence(claim=claim, observed=weight.value, relation="<", limit=limit, where=weight.where)
    stopped = critic_step.stopped(limits.step) if isinstance(critic_step, CriticStep) else ()
    blind = _blind(explained_variance, limits)
    yield Finding(
        message=f"{weight.name} {weight.value:g} leaves the critic about as it began",
        evidence=(small, *blind, *stopped),
        binding=bool(blind or stopped),
        acquitted=isinstance(explained_variance, Curve) and not (blind or stopped),
        about=weight.name,
        decide_by=() if isinstance(explained_variance, Curve) else ("log explained_variance per update",),
    )


def _blind(explained: Curve | Missing, limits: Limits) -> tuple[Evidence, ...]:
    if isinstance(explained, Missing):
        return ()
    level, claim = signals.tail(explained.value), "explained variance of the last fifth"
    proof = Evidence(claim=claim, observed=level, relation="<", limit=limits.explained, where=explained.source)
    return (proof,) if level < limits.explained else ()


def _limit(name: str, limits: Limits) -> float:
    usual = HYPERPARAMETERS["vf_coef" if name == "vf_coef" else "learning_rate"].usual or (0.0, 1.0)
    return limits.below_usual * usual[0]


def _counts(weight: float, loss: Curve | Missing, limit: float) -> bool:
    """Whether the value loss is so large that with its weight it is no small part of the total."""
    return isinstance(loss, Curve) and weight * signals.tail(loss.value) >= limit
