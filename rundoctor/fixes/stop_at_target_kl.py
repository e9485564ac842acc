"""Stop an update once its KL reaches a target.

It bounds the step whatever caused it, at the price of fewer epochs than the config says.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

TARGET = 0.03
"""Three times the desired_kl of rsl-rl-lib 5.5.1; Stable-Baselines3 stops at 1.5 times the target."""


@fix(
    offered_for=("learning-rate-too-high", "too-many-epochs", "policy-clip-too-wide"),
    goes_with=("lower-learning-rate", "reduce-epochs", "narrow-policy-clip"),
    safety=Safety.SAME_OBJECTIVE,
    order=11,
    by_hand="leave the epoch loop once the approximate KL passes the target",
)
def propose(target_kl: Setting | Missing) -> Proposal:
    if isinstance(target_kl, Setting) and target_kl.value and target_kl.value <= TARGET:
        return Proposal(refused=f"target_kl is {target_kl.value:g} already ({target_kl.where})")
    return Proposal(edits=(Edit(name="target_kl", value=TARGET, why="bounds an update whatever lengthened it"),))
