"""Give policy and critic separate trunks.

The value gradient then cannot reach the policy's features. A joint gradient-norm clip still couples the two.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    offered_for=("returns-not-normalized", "value-weight-too-high"),
    safety=Safety.NEW_OBJECTIVE,
    order=22,
    by_hand="build the critic on an encoder of its own",
)
def propose(shared_trunk: Setting | Missing) -> Proposal:
    if isinstance(shared_trunk, Setting) and not shared_trunk.value:
        return Proposal(refused=f"the trunks are separate already ({shared_trunk.where})")
    why = "the value gradient no longer reaches the policy's features"
    return Proposal(edits=(Edit(name="shared_trunk", value=False, why=why),))
