"""Pass over each rollout less often.

The movement of the policy grows with the epochs, so their number is scaled by the KL that is allowed over the KL that
was measured; without one by how far an update moves a weight, over what is usual. Never above ten, the common default.
"""

from __future__ import annotations

from rundoctor.facts.rollout import USUAL_REACH, AdamReach
from rundoctor.facts.step_size import StepExcess
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

DEFAULT_EPOCHS = 10
"""Default of Stable-Baselines3 2.9.2."""
FEWEST = 3
"""Default of Unity ML-Agents."""


@fix(
    treats=("too-many-epochs",),
    offered_for=("learning-rate-too-high", "update-too-long", "learning-rate-pinned", "minibatch-too-small"),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="run fewer epochs over each rollout",
)
def propose(n_epochs: Setting, step_excess: StepExcess, adam_reach: AdamReach | Missing) -> Proposal:
    now = n_epochs.value
    wanted, why = float(DEFAULT_EPOCHS), f"{now:g} are {now / DEFAULT_EPOCHS:.3g} times the common default"
    if step_excess.too_far and step_excess.kl:
        times = step_excess.kl / step_excess.kl_limit
        wanted = now / times
        why = f"KL of an update was {step_excess.kl:.3g} nat, {times:.2g} x the limit {step_excess.kl_limit:.3g}"
    elif isinstance(adam_reach, AdamReach) and adam_reach.per_update > USUAL_REACH:
        wanted = now * USUAL_REACH / adam_reach.per_update
        why = f"{now:g} epochs move a weight by up to {adam_reach.per_update:.2g} an update; {USUAL_REACH:g} is usual"
    epochs = int(max(FEWEST, min(DEFAULT_EPOCHS, wanted)))
    if not epochs < now:
        return Proposal(refused=f"there are {now:g} epochs already")
    return Proposal(edits=(Edit(name="n_epochs", value=epochs, why=why),))
