"""What is said of an arm's updates beside the control's: words, and a verdict about the update alone.

A verdict here never speaks of a return: after one step the recorded data belong to another policy. Each update of each
arm is described in words; a word holds for an arm where more than half of its updates have it. The words of ``FAULTS``
are faults. Then an arm

* **helps**: the update has no fault that the control's has not, and lacks one that the control's has;
* **hurts**: the reverse, or it diverges;
* shows **no difference**: the same faults, and at the median update the critic's error, the policy's movement and the
  direction of its gradient are the control's within ``Limits.same``;
* is **inconclusive** else: other faults, or the same ones with other numbers; the note has the numbers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rundoctor.model.replay import Effect
from rundoctor.replaying.recorded.outcome import Outcome

FAULTS = ("diverged", "critic worsens", "critic lags", "policy starved", "policy oversteps", "policy stands still")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the words begin; ratios, all ours."""

    tracks: float = 0.9
    """Critic's error after over before: a tenth less in one update closes a gap within some twenty updates."""
    worsens: float = 1.1
    """The same the other way."""
    offset: float = 0.5
    """Share of the squared error that is its mean. An error that is mostly one number for all states is what any critic
    can fit, so a critic that keeps it lags; what is left of noisy returns after the fit is not an offset."""
    starved: float = 0.1
    """Policy's share of the gradient norms after the clip. In a shared trunk the gradient's direction is then the
    critic's to within seven degrees (0.1 / 0.9); with trunks apart Adam restores the size, as far as its epsilon lets
    it."""
    oversteps: float = 1.5
    """Typical change of an action's log-probability, sqrt(2 KL), over the recorded clip range: the average sample is
    well outside. Healthy runs of the RL Zoo with clip 0.4 reach KL 0.14, which is 1.3."""
    still: float = 0.1
    """The same: the policy uses less than a tenth of the clip range."""
    same: float = 0.1
    """Relative difference that counts as none: a fresh order of the samples alone moves the KL of an update by that."""
    fewest: int = 3
    """Updates below which nothing is concluded."""


def words(outcome: Outcome, clip_range: float, limits: Limits) -> frozenset[str]:
    """What one update did. ``clip_range``: the recorded one, the same ruler for all arms."""
    if outcome.diverged:
        return frozenset({"diverged"})
    after, before = outcome.critic_error_after, outcome.critic_error_before
    moved = math.sqrt(2 * max(outcome.policy_kl, 0.0))
    said = {
        "critic tracks": after <= limits.tracks * before,
        "critic worsens": after > limits.worsens * before,
        "critic lags": after > limits.tracks * before and outcome.critic_bias_after**2 > limits.offset * after**2,
        "policy starved": outcome.policy_share < limits.starved,
        "policy oversteps": moved > limits.oversteps * clip_range,
        "policy stands still": moved < limits.still * clip_range,
    }
    return frozenset(word for word, holds in said.items() if holds)


def described(said: Sequence[frozenset[str]]) -> str:
    """How many updates have each word, such as ``critic lags 14/16``."""
    counts = Counter(word for update in said for word in update)
    order = ("critic tracks", *FAULTS)
    return ", ".join(f"{word} {counts[word]}/{len(said)}" for word in order if counts[word]) or "nothing remarkable"


def effect(
    control: Sequence[Outcome],
    arm: Sequence[Outcome],
    clip_ranges: Sequence[float],
    limits: Limits,
    *,
    same_returns: bool,
) -> Effect:
    """The verdict on an arm's updates beside the control's, update by update.

    ``same_returns``: whether the arm's critic learns the recorded returns; with another discount it does not, and words
    about its error count for nothing.
    """
    if len(control) < limits.fewest:
        return Effect.INCONCLUSIVE
    theirs, ours = (_faults(outcomes, clip_ranges, limits, same_returns) for outcomes in (control, arm))
    if theirs != ours:
        lost, gained = theirs - ours, ours - theirs
        if lost and gained and "diverged" not in gained:
            return Effect.INCONCLUSIVE
        return Effect.HURTS if gained else Effect.HELPS
    same = same_returns and _distance(control, arm) <= limits.same
    return Effect.NO_DIFFERENCE if same else Effect.INCONCLUSIVE


def medians(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Medians over updates, with their units in their names."""
    return {name: median(getattr(outcome, field) for outcome in outcomes) for name, field in NAMES.items()}


NAMES = {
    "critic_error_before_reward_units": "critic_error_before",
    "critic_error_after_reward_units": "critic_error_after",
    "critic_bias_after_reward_units": "critic_bias_after",
    "value_clip_fraction": "value_clip_fraction",
    "policy_kl_nat": "policy_kl",
    "policy_gradient_fraction": "policy_share",
    "policy_gradient_cosine": "policy_cosine",
    "minibatch_steps": "steps",
}
"""Field of ``Outcome`` by its name in a trial."""


def _faults(
    outcomes: Sequence[Outcome], clip_ranges: Sequence[float], limits: Limits, same_returns: bool
) -> frozenset[str]:
    """The faults that more than half of the updates have."""
    said = [words(outcome, clip, limits) for outcome, clip in zip(outcomes, clip_ranges, strict=True)]
    counts = Counter(word for update in said for word in update)
    asked = [fault for fault in FAULTS if same_returns or not fault.startswith("critic")]
    return frozenset(fault for fault in asked if 2 * counts[fault] > len(outcomes))


def _distance(control: Sequence[Outcome], arm: Sequence[Outcome]) -> float:
    """The largest of the relative differences at the median update; infinite where an update diverged."""
    pairs = list(zip(control, arm, strict=True))
    if any(outcome.diverged for pair in pairs for outcome in pair):
        return math.inf
    return max(
        median(_relative(a.critic_error_after, b.critic_error_after) for a, b in pairs),
        median(_relative(a.policy_kl, b.policy_kl) for a, b in pairs),
        median(1 - b.policy_cosine for _, b in pairs),
    )


def _relative(control: float, arm: float) -> float:
    return 0.0 if arm == control else abs(arm - control) / abs(control) if control else math.inf
