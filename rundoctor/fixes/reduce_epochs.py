"""Pass over each rollout less often.

The movement of the policy grows with the epochs, so their number is scaled by the KL that is allowed over the KL that
was measured; without one it goes to ten, the common default.
"""

from __future__ import annotations

from rundoctor.facts.step_size import StepExcess
from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

DEFAULT_EPOCHS = 10
"""Default of Stable-Baselines3 2.9.2."""


@fix(
    treats=("too-many-epochs",),
    offered_for=("learning-rate-too-high",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="run fewer epochs over each rollout",
)
def propose(n_epochs: Setting, step_excess: StepExcess) -> Proposal:
    epochs, why = DEFAULT_EPOCHS, "no KL too large is logged: the common default"
    if step_excess.too_far and step_excess.kl:
        epochs = max(3, min(DEFAULT_EPOCHS, int(n_epochs.value * step_excess.kl_limit / step_excess.kl)))
        why = f"KL of an update was {step_excess.kl:.3g} nat, the limit is {step_excess.kl_limit:.3g}"
    if not epochs < n_epochs.value:
        return Proposal(refused=f"there are {n_epochs.value:g} epochs already")
    return Proposal(edits=(Edit(name="n_epochs", value=epochs, why=why),))
