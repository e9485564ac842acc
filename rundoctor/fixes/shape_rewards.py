"""Pay for progress towards the goal.

A task that never pays gives nothing to learn from, whatever the optimiser does. What progress is only the task's author
can say, so this is done by hand.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    treats=("reward-never-found", "idle-optimum"),
    safety=Safety.BY_HAND,
    order=1,
    by_hand="add a reward for getting nearer to the goal, begin some episodes near it, or pay for states seen seldom",
)
def propose() -> Proposal:
    return Proposal()
