"""Stop standardising rewards within each episode.

Scale them by a running deviation instead, which tells good episodes from bad ones (normalize-returns).
"""

from __future__ import annotations

from rundoctor.facts.rewards import ReturnScale
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("rewards-standardized-per-episode",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="leave rewards as they are, or divide them by a running deviation",
)
def propose(normalize_rewards_per_episode: Setting, return_scale: ReturnScale | Missing) -> Proposal:
    if not normalize_rewards_per_episode.value:
        return Proposal(refused=f"{normalize_rewards_per_episode.path} is off already")
    size = (
        f"returns of {return_scale.first()} to {return_scale.last()}" if isinstance(return_scale, ReturnScale) else ""
    )
    why = f"{size or 'good and bad episodes'} all became sums of zero"
    return Proposal(edits=(Edit(name="normalize_rewards_per_episode", value=False, why=why),))
