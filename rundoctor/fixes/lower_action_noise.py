"""Begin with less action noise, and keep it from growing.

To a standard deviation of 1, where the config holds the one that the policy begins with; a bound on it is code.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

USUAL = 0.0
"""Logarithm of the deviation that Stable-Baselines3, CleanRL, rsl_rl and skrl begin with, 1."""


@fix(
    treats=("action-noise-too-large",),
    safety=Safety.SAME_OBJECTIVE,
    order=2,
    by_hand="begin with a standard deviation of 1 (log_std_init 0) or less, bound it, or squash the actions",
)
def propose(log_std_init: Setting | Missing) -> Proposal:
    if isinstance(log_std_init, Missing) or not log_std_init.value > USUAL:
        return Proposal()
    why = f"the actions begin with a deviation of e^{log_std_init.value:g}; trainers begin with 1"
    return Proposal(edits=(Edit(name="log_std_init", value=USUAL, why=why),))
