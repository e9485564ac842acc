"""Lower the learning rate to what keeps an update inside its trust region.

KL grows with the square of a small step, so the rate is scaled by the square root of the KL that is allowed over the KL
that was measured; without a measured KL to where an update moves a weight as far as usual, the common default at most.
KL is not quadratic in a step far outside the trust region, so there the root says little, and the rate goes no lower
than the lower end of the usual range.
"""

from __future__ import annotations

from rundoctor.facts.rollout import USUAL_REACH, AdamReach
from rundoctor.facts.step_size import StepExcess
from rundoctor.fixes import fix, rounded
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

DEFAULT_RATE = 3e-4
"""Default of Stable-Baselines3 2.9.2 and of CleanRL's continuous PPO."""
LOWEST, _ = HYPERPARAMETERS["learning_rate"].usual or (1e-5, 1e-3)
"""Lower end of the usual range."""
AIM = 0.2
"""Share of the largest healthy KL to aim at: 0.01 nat at a clip range of 0.2."""


@fix(
    treats=("learning-rate-too-high", "update-too-long"),
    offered_for=("too-many-epochs", "policy-clip-too-wide"),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="pass a lower learning rate to the optimiser",
)
def propose(learning_rate_in_force: Setting, step_excess: StepExcess, adam_reach: AdamReach | Missing) -> Proposal:
    rate, why = _usual(learning_rate_in_force.value, adam_reach)
    if step_excess.too_far and step_excess.kl:
        allowed = AIM * step_excess.kl_limit
        scaled = learning_rate_in_force.value * (allowed / step_excess.kl) ** 0.5
        rate = max(LOWEST, min(DEFAULT_RATE, rounded(scaled)))
        why = f"KL of an update was {step_excess.kl:.3g} nat, {step_excess.kl / allowed:.2g} x the target; "
        why += f"x sqrt({allowed:.3g} / {step_excess.kl:.3g})"
        why += f" is {scaled:.2g}, and not above the common {DEFAULT_RATE:g}" if scaled > DEFAULT_RATE else ""
        why += f" is {scaled:.2g}, and not below the usual {LOWEST:g}" if scaled < LOWEST else ""
    if not rate < learning_rate_in_force.value:
        return Proposal(refused=f"the rate is {learning_rate_in_force.value:g} already")
    return Proposal(edits=(Edit(name="learning_rate", value=rate, why=why),))


def _usual(rate: float, reach: AdamReach | Missing) -> tuple[float, str]:
    """The rate of a usual reach, and why."""
    if isinstance(reach, Missing) or not reach.steps_per_update > 0:
        return DEFAULT_RATE, f"{rate:g} is {rate / DEFAULT_RATE:.3g} times the common default"
    usual = min(DEFAULT_RATE, max(LOWEST, rounded(USUAL_REACH / reach.steps_per_update)))
    moved = f"{reach.steps_per_update:g} steps of an update move a weight by up to {reach.per_update:.2g}"
    return usual, f"{moved}; at {usual:g} by {usual * reach.steps_per_update:.2g}"
