"""Standardise the returns of each batch.

The targets then drift from batch to batch, and GAE mixes raw rewards with values in another unit. Running statistics do
the same without that; this stands here to be tested beside them, and is offered for nothing.
"""

from __future__ import annotations

from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

USUAL_FACTOR = 10.0
"""Factor on the standardised returns with which this is usually proposed."""


@fix(
    tested_for=("returns-not-normalized", "value-clip-too-tight"),
    safety=Safety.NEW_OBJECTIVE,
    order=30,
    by_hand="standardise the returns of each batch before the value loss",
)
def propose(normalize_returns: Setting | Missing, return_scale: ReturnScale | Missing) -> Proposal:
    harm = "per-batch statistics move the targets at every update: normalize-returns does it with running ones"
    if isinstance(normalize_returns, Setting) and normalize_returns.value:
        return Proposal(refused=f"{normalize_returns.path} is on already ({normalize_returns.where})")
    size = f"returns of about {return_scale.last()}" if isinstance(return_scale, ReturnScale) else "returns of any size"
    edits = (
        Edit(name="normalize_returns_per_batch", value=True, why=f"{size} become targets of size 1 in every batch"),
        Edit(name="return_scale", value=USUAL_FACTOR, why=f"{USUAL_FACTOR:g} times size 1, as it is usually proposed"),
    )
    return Proposal(edits=edits, refused=harm)
