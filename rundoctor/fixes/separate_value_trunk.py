"""Give policy and critic separate trunks.

The value gradient then cannot reach the policy's features. A joint gradient-norm clip still couples the two.
"""

from __future__ import annotations

from rundoctor.facts.critic import CriticError
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    offered_for=("returns-not-normalized", "value-weight-too-high"),
    safety=Safety.NEW_OBJECTIVE,
    order=22,
    by_hand="build the critic on an encoder of its own",
)
def propose(
    shared_trunk: Setting | Missing, vf_coef: Setting | Missing, critic_error: CriticError | Missing
) -> Proposal:
    if isinstance(shared_trunk, Setting) and not shared_trunk.value:
        return Proposal(refused=f"the trunks are separate already ({shared_trunk.where})")
    why = "the value gradient no longer reaches the policy's features"
    if isinstance(critic_error, CriticError) and isinstance(vf_coef, Setting):
        why += f"; weight x error is {vf_coef.value * critic_error.last().high:.3g}, the policy's gradient about 1"
    return Proposal(edits=(Edit(name="shared_trunk", value=False, why=why),))
