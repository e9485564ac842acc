"""Whether a reward that was always a cost is always a gain from some episode on, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.reward_change.change import Change, Sign
from rundoctor.facts.rollout import LOG_COMPONENTS, EpisodesByUpdate
from rundoctor.model import Component, Missing, Run

if TYPE_CHECKING:
    from rundoctor.model import Floats

EPISODES = 5
"""Fewest episodes on either side of the turn."""
BETWEEN = 0.2
"""Largest share of the episodes that may hold both signs: they were under way when it turned."""
PAYMENTS = 3.0
"""Fewest steps of an episode that pay: what is paid once, at the end, is the outcome, and has the sign of that."""
SMALL = 0.3
"""Largest turn over a component that keeps its one sign that is of no account; what turns both has none that keeps."""
LEAP = 3.0
"""Smallest change where the sign turns over the changes just before and after; of a steady drift it is 1."""


class SignTurn(NamedTuple):
    """A reward of one sign in every step of all episodes, and of the other sign in every step from then on."""

    name: str
    step: int
    """Update of the first episode that has the other sign."""
    before: float
    """Median reward of a step."""
    after: float
    episodes: int
    """Episodes after the turn; none of them has a step of the old sign."""


@fact
def sign_turn(run: Run, episodes_by_update: EpisodesByUpdate) -> Change | Missing:
    """Of the component with the largest reward per step among those that turn; the total counts as one."""
    if run.episodes is None:
        return Missing(reason="no reward components are logged", log=LOG_COMPONENTS)
    source, parts = run.episodes.source, run.episodes.components.values()
    turns = [turn for part in parts if (turn := _turn(part, episodes_by_update)) is not None]
    kept = max((_size_of_one_sign(part) for part in parts), default=0.0)
    turns = [turn for turn in turns if abs(turn.after - turn.before) > SMALL * kept]
    if not turns:
        return Missing(reason="no reward of one sign has turned", log="log min and max of each component per episode")
    turn = max(turns, key=lambda turn: abs(turn.before))
    claim = f"episodes, of {turn.episodes} since then, in which a step of {turn.name} has the sign it always had"
    return Change(
        step=turn.step,
        message=f"{turn.name} turns from {turn.before:.3g} to {turn.after:.3g} a step at update {turn.step}",
        signs=(Sign("old_sign", claim, 0.0, "="),),
        source=source,
    )


def _turn(part: Component, by_update: EpisodesByUpdate) -> SignTurn | None:
    lowest, highest = part.minimum, part.maximum
    logged = (np.nan_to_num(part.count, nan=1.0) > 0) & np.isfinite(lowest) & np.isfinite(highest)
    costs, pays = logged & (lowest < 0), logged & (highest > 0)
    only_costs, only_pays = np.flatnonzero(costs & ~pays), np.flatnonzero(pays & ~costs)
    if min(len(only_costs), len(only_pays)) < EPISODES:
        return None
    old, new = (only_costs, only_pays) if only_costs[0] < only_pays[0] else (only_pays, only_costs)
    both = np.flatnonzero(costs & pays)
    begins, ends = min(new[0], both[0] if len(both) else new[0]), max(old[-1], both[-1] if len(both) else old[-1])
    if ends - begins + 1 > BETWEEN * len(lowest) or min((old < begins).sum(), (new > ends).sum()) < EPISODES:
        return None
    if min(_payments(part, old), _payments(part, new)) < PAYMENTS or not _leaps(part.mean[old], part.mean[new]):
        return None
    before, after = signals.median(part.mean[old]), signals.median(part.mean[new])
    return SignTurn(part.name, int(by_update.update[begins]), before, after, int((new > ends).sum()))


def _size_of_one_sign(part: Component) -> float:
    """Median size of the reward of a step where no step of the whole run has the other sign, else 0."""
    means = part.mean[np.isfinite(part.mean) & np.isfinite(part.minimum) & np.isfinite(part.maximum)]
    one_sign = not (np.nanmin(part.minimum, initial=0.0) < 0 < np.nanmax(part.maximum, initial=0.0))
    return signals.median(np.abs(means)) if one_sign and len(means) else 0.0


def _leaps(old: Floats, new: Floats) -> bool:
    """Whether the reward of a step does not drift through zero: its change is far above those just before and after."""
    (earlier, last), (first, later) = _halves(old[-2 * EPISODES :]), _halves(new[: 2 * EPISODES])
    return abs(first - last) > LEAP * max(abs(last - earlier), abs(later - first))


def _halves(values: Floats) -> tuple[float, float]:
    half = len(values) // 2
    return signals.median(values[:half]), signals.median(values[half:])


def _payments(part: Component, episodes: np.ndarray) -> float:
    """Fewest steps that can have paid, median over the episodes: their sum over the largest payment."""
    sums: Floats = np.abs(part.total[episodes])
    largest = np.maximum(np.abs(part.minimum[episodes]), np.abs(part.maximum[episodes]))
    known = np.isfinite(sums)
    return signals.median(sums[known] / largest[known]) if known.any() else 0.0
