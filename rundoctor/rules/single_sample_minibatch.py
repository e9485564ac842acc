"""A minibatch holds one sample, whose advantage cannot be standardised.

What
    The rollout leaves a remainder of one sample beside its minibatches, or the minibatch size is one.

Why
    The standard deviation of one number is 0 / 0: the loss of that minibatch is NaN, and one such step makes every
    weight NaN. Trainers that guard against it take a step on one raw advantage instead.

Evidence
    Steps of an update modulo the minibatch size.

Stays silent
    Remainders of two and more; advantages that are not standardised. It is a cause only where a loss of the log is no
    number: some trainers drop or guard the remainder.

References
    DLR-RM/stable-baselines3#325 and #1028: one sample in a minibatch, and everything turns to NaN.
    jolibrain/wheatley#93: a last minibatch of one, a std of NaN, a policy that returns invalid actions.
    rsl-rl-lib 5.5.1, storage/rollout_storage.py: the remainder is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import Evidence, Finding, Run, Setting, Severity
from rundoctor.rules import rule

LOSSES = ("loss", "policy_loss", "value_loss", "last_minibatch_loss")


@rule(severity=Severity.ERROR)
def check(run: Run, rollout_size: Setting, batch_size: Setting, normalize_advantage: Setting) -> Iterator[Finding]:
    steps, size = int(rollout_size.value), int(batch_size.value)
    if not normalize_advantage.value or not steps > 0 or not size > 0:
        return
    left = 1 if size == 1 or steps == 1 else steps % size
    if left != 1:
        return
    claim = f"samples in the last minibatch: {steps} steps in minibatches of {size}"
    proof = Evidence(claim=claim, observed=1.0, relation="=", limit=1.0, where=batch_size.where)
    broken = [name for name in LOSSES if name in run.curves and len(run.curves[name].broken)]
    yield Finding(
        message=f"{steps} steps in minibatches of {size} leave one sample alone"
        + (f", and {broken[0]} is no number" if broken else ""),
        evidence=(proof,),
        binding=bool(broken),
        about="batch_size",
    )
