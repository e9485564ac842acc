"""Whether a policy that narrowed down on what pays turns round at an update at which the critic's error jumps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor.facts import fact
from rundoctor.facts.steady_policy import SteadyPolicy
from rundoctor.model import Curve, Evidence, Missing

EARLIER, LATER = 5, 4
"""Updates over which the entropy has fallen before the turn, and has risen after it."""
JUMP = 3.0
"""Jump of the value loss beyond which a larger one makes a turn no clearer: the entropy decides between two such."""
ERRORS = 3
"""Updates before the turn whose largest value loss it is held against."""


class PolicyTurn(NamedTuple):
    """The update from which the policy unlearns what it had learned, by the clearest V of its entropy."""

    step: int
    jump: float
    """Value loss at the turn over the largest one just before it."""
    turned: float
    """What the entropy loses before and regains after it, the smaller one, over its range in the run."""
    where: str

    @property
    def message(self) -> str:
        """It in words."""
        return f"from update {self.step} on the policy unlearns what it had learned, and the critic's error jumps there"

    def evidence(self, jump: float, turned: float) -> tuple[Evidence, Evidence]:
        """Both numbers beside their limits."""
        where = f"{self.where}, update {self.step}"
        error = "value loss over the largest of the updates just before, while the policy stays what it was"
        entropy = "entropy that is lost before this update and regained after it, over its range"
        return (
            Evidence(claim=error, observed=self.jump, relation=">", limit=jump, where=where),
            Evidence(claim=entropy, observed=self.turned, relation=">", limit=turned, where=where),
        )


@fact
def policy_turn(value_loss: Curve, entropy: Curve, steady_policy: SteadyPolicy) -> PolicyTurn | Missing:
    """Among the updates in which the policy moved no farther than usual."""
    _, errors, spread = np.intersect1d(value_loss.step, entropy.step, return_indices=True)
    step, error, level = value_loss.step[errors], value_loss.value[errors], entropy.value[spread]
    span = float(np.ptp(level)) if len(level) else 0.0
    turns = [
        PolicyTurn(
            step=int(step[k]),
            jump=float(error[k : k + 2].max() / error[k - ERRORS : k].max()),
            turned=float(min(level[k - EARLIER], level[k + LATER]) - level[k]) / span,
            where=value_loss.source,
        )
        for k in range(EARLIER, len(step) - LATER)
        if span > 0 and error[k - ERRORS : k].max() > 0 and steady_policy.stays_around(int(step[k]), ERRORS)
    ]
    if not turns:
        return Missing(reason="too few updates of a policy that stays", log="log entropy and value_loss per update")
    return max(turns, key=lambda turn: turn.turned * min(JUMP, turn.jump))
