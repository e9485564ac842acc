"""Enlarge the minibatch, and leave no single sample over.

To a 32nd of the rollout, 32 samples at least, and from there up to the first size with no remainder of one.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Edit, Proposal, Safety, Setting

MINIBATCHES = 32
"""Of a rollout with the defaults of Stable-Baselines3: 2048 steps in minibatches of 64."""
LEAST = 32
"""Lower end of the usual range."""


@fix(
    treats=("single-sample-minibatch", "minibatch-too-small"),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="use larger minibatches, or drop a last one of a single sample",
)
def propose(batch_size: Setting, rollout_size: Setting) -> Proposal:
    steps, now = int(rollout_size.value), int(batch_size.value)
    if not steps > LEAST:
        return Proposal(refused=f"a rollout of {steps} steps has no room for larger minibatches")
    wanted = max(LEAST, steps // MINIBATCHES, now)
    size = next((size for size in range(wanted, steps + 1) if steps % size != 1), steps)
    if not size > now:
        return Proposal(refused=f"minibatches have {now} samples already")
    left = steps % now if now > 1 else 1
    why = f"{steps} steps in minibatches of {now} leave {left}, of {size} they leave {steps % size}; "
    why += f"{-(-steps // max(1, now)):,} -> {-(-steps // size)} gradient steps an epoch"
    return Proposal(edits=(Edit(name="batch_size", value=size, why=why),))
