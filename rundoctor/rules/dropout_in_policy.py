"""Dropout makes the probability ratio differ from one before any step was taken.

What
    The policy's network has dropout.

Why
    Each pass drops other units. The probabilities that were stored with the rollout and those of the first minibatch
    differ although the weights do not, so ratios are clipped, and the KL is above zero, for no reason but chance.

Evidence
    The dropout probability.

Stays silent
    Networks without it. It is a hazard: no file shows in which mode the network was.

References
    huggingface/trl#4: dropout makes the ratio differ from a matrix of ones.
    huggingface/trl#3234: dropout off, so that log-probabilities can be reproduced and ratios are 1 at first.
    Human-Agent-Society/reef#536: with dropout on, half of the samples clipped before the policy had moved at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.model import Evidence, Finding, Setting, Severity
from rundoctor.rules import rule


@rule(severity=Severity.WARNING)
def check(dropout: Setting) -> Iterator[Finding]:
    if dropout.value > 0:
        proof = Evidence(
            claim="dropout probability", observed=dropout.value, relation=">", limit=0.0, where=dropout.where
        )
        yield Finding(
            message=f"{dropout.path} {dropout.value:g}: ratios differ from 1 before the first step",
            evidence=(proof,),
            about="dropout",
        )
