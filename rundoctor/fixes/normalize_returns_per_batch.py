"""Standardise the returns of each batch.

The targets then drift from batch to batch, and GAE mixes raw rewards with values in another unit. Running statistics do
the same without that; this stands here to be tested beside them, and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.fixes import fix
from rundoctor.model import Proposal, Safety


@fix(
    safety=Safety.NEW_OBJECTIVE,
    order=30,
    by_hand="standardise the returns of each batch before the value loss",
)
def propose() -> Proposal:
    return Proposal(
        refused="per-batch statistics move the targets at every update: normalize-returns does it with running ones"
    )
