"""Lower the learning rate to what keeps an update inside its trust region.

KL grows with the square of a small step, so the rate is scaled by the square root of the KL that is allowed over the KL
that was measured. Far outside the trust region KL is not quadratic in a step any more: it then says that the rate is
too high, and not by how much. The measure is there, and where no KL is logged, the rate at which an update moves a
weight as far as usual; the scaled rate stays within a third of it, for a rate that is too low cures nothing either.
"""

from __future__ import annotations

from rundoctor.facts.rollout import USUAL_REACH, AdamReach
from rundoctor.facts.step_size import StepExcess
from rundoctor.fixes import fix, rounded
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

DEFAULT_RATE = 3e-4
"""Default of Stable-Baselines3 2.9.2 and of CleanRL's continuous PPO."""
LOWEST, HIGHEST = HYPERPARAMETERS["learning_rate"].usual or (1e-5, 1e-3)
"""Ends of the usual range."""
AIM = 0.2
"""Share of the largest healthy KL to aim at: 0.01 nat at a clip range of 0.2."""
SMALL_STEP = 1.0
"""KL, in nats, up to which it is taken for quadratic in the step."""
BELOW = 3.0
"""Factor below the usual measure that a scaled rate may go."""


@fix(
    treats=("learning-rate-too-high", "update-too-long"),
    offered_for=("too-many-epochs", "policy-clip-too-wide"),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="pass a lower learning rate to the optimiser",
)
def propose(
    learning_rate_in_force: Setting,
    not_obeyed: dict[str, str],
    step_excess: StepExcess,
    adam_reach: AdamReach | Missing,
) -> Proposal:
    now = learning_rate_in_force.value
    if "learning_rate" in not_obeyed:
        return Proposal(refused=not_obeyed["learning_rate"])
    rate, why = usual_rate(now, adam_reach)
    if step_excess.too_far and step_excess.kl:
        allowed = AIM * step_excess.kl_limit
        measured = f"KL of an update was {step_excess.kl:.3g} nat, {step_excess.kl / allowed:.2g} x the target"
        if step_excess.kl > SMALL_STEP:
            why = f"{measured}; {why}"
        else:
            scaled = now * (allowed / step_excess.kl) ** 0.5
            why = f"{measured}; x sqrt({allowed:.3g} / {step_excess.kl:.3g}) is {scaled:.2g}"
            why += f", and not above the {rate:g} of a usual update" if scaled > rate else ""
            why += f", and not below a third of the {rate:g} of a usual update" if scaled < rate / BELOW else ""
            rate = rounded(min(rate, max(rate / BELOW, scaled)))
    if not rate < now:
        return Proposal(refused=f"the rate is {now:g} already")
    return Proposal(edits=(Edit(name="learning_rate", value=rate, why=why),))


def usual_rate(rate: float, reach: AdamReach | Missing) -> tuple[float, str]:
    """The rate of a usual reach, and why."""
    if isinstance(reach, Missing) or not reach.steps_per_update > 0:
        return DEFAULT_RATE, f"{rate:g} is {rate / DEFAULT_RATE:.3g} times the common default"
    usual = min(HIGHEST, max(LOWEST, rounded(USUAL_REACH / reach.steps_per_update)))
    moved = f"{reach.steps_per_update:g} steps of an update move a weight by up to {reach.per_update:.2g}"
    return usual, f"{moved}; at {usual:g} by {usual * reach.steps_per_update:.2g}"
