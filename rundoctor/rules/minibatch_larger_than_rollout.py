"""A minibatch would hold more samples than there are.

What
    The minibatch size is above the steps of an update.

Why
    Every epoch is then one gradient step on the whole rollout, and the setting says something else.

Evidence
    Both numbers.

Stays silent
    Minibatches of the rollout's size and less.

References
    Stable-Baselines3 2.9.2, common/buffers.py: slices of the rollout; the last one is what is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import Finding, Kind, Setting, Severity
from rundoctor.rules import rule


@rule(severity=Severity.REMARK, kind=Kind.REMARK)
def check(batch_size: Setting, rollout_size: Setting) -> Iterator[Finding]:
    if batch_size.value > rollout_size.value > 0:
        message = f"minibatches of {batch_size.value:g} in a rollout of {rollout_size.value:g} steps: one step an epoch"
        yield Finding(message=message, where=batch_size.where)
