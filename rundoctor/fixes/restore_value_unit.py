"""Bring the critic's values back to the unit of the rewards before GAE.

Where targets are standardised, values are to be multiplied by the same deviation, and the mean added, before they meet
a reward. Standardising by batch is switched off; running statistics, which do the same without a moving target, are
switched on where the config has a key for them: without either a critic that begins near zero is far from raw returns.
"""

from __future__ import annotations

from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("critic-in-another-unit",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="denormalise the critic's values before GAE adds rewards to them, or scale rewards instead of targets",
)
def propose(
    normalize_returns_per_batch: Setting | Missing,
    normalize_returns: Setting | Missing,
    return_scale: ReturnScale | Missing,
) -> Proposal:
    if isinstance(normalize_returns_per_batch, Missing) or not normalize_returns_per_batch.value:
        return Proposal()
    size = f"returns of about {return_scale.last()}" if isinstance(return_scale, ReturnScale) else "raw returns"
    why = f"GAE adds raw rewards to values of unit size, which say nothing of {size}"
    edits = [Edit(name="normalize_returns_per_batch", value=False, why=why)]
    if isinstance(normalize_returns, Setting) and not normalize_returns.value:
        why = f"a running deviation brings {size} to about 1, without another unit in every batch"
        edits.append(Edit(name="normalize_returns", value=True, why=why))
    return Proposal(edits=tuple(edits))
