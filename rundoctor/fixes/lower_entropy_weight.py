"""Lower the weight of the entropy bonus.

To where weight x entropy is 0.01 in the loss, a twentieth of the largest policy loss with standardised advantages,
and at most to 0.01, the upper end of the usual weights. Where the bonus has widened the action noise without bound,
to zero.
"""

from __future__ import annotations

from rundoctor import signals
from rundoctor.facts.entropy_bonus import ModestBonus
from rundoctor.fixes import fix, rounded
from rundoctor.model import Curve, Edit, Missing, Proposal, Safety, Setting

WIDENED = 3.0
"""Last over first deviation of the actions of a noise that grows; see ``rules/action_noise_too_large.py``."""


@fix(
    treats=("entropy-weight-too-high",),
    offered_for=("action-noise-too-large",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="multiply the entropy bonus by a smaller weight",
)
def propose(
    ent_coef_in_force: Setting, not_obeyed: dict[str, str], modest_bonus: ModestBonus, action_std: Curve | Missing
) -> Proposal:
    weight = ent_coef_in_force.value
    if "ent_coef" in not_obeyed:
        return Proposal(refused=not_obeyed["ent_coef"])
    growth = signals.growth(action_std.value) if isinstance(action_std, Curve) else 1.0
    if weight > 0 and growth > WIDENED:
        why = f"the actions' deviation grew {growth:.3g} times under a bonus of {weight:.3g}"
        return Proposal(edits=(Edit(name="ent_coef", value=0.0, why=why),))
    if not weight > modest_bonus.weight:
        return Proposal(refused=f"the weight is {weight:g} already")
    why = f"{weight:.3g} is {weight / modest_bonus.weight:.3g} times {modest_bonus.weight:.2g}, {modest_bonus.basis}"
    return Proposal(edits=(Edit(name="ent_coef", value=rounded(modest_bonus.weight), why=why),))
