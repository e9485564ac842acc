"""From what the worlds showed to the trials of a replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rundoctor.model.replay import Arm, Difference, Trial
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.judging.differences import differences, interquartile, together
from rundoctor.replaying.judging.scores import Seen

JUDGED = (Arm.FIX, Arm.PLACEBO)
"""Arms whose intervals hold together."""
CUT_OFF = 0.5
"""Share of the value errors without a gradient from which a note says so."""
STARVED = 0.02
"""Share of the gradient that is the policy's below which a note says so."""
LOWER = 0.5
"""Loss over the control's below which a note says that it fell."""


def trials(plans: Sequence[Plan], seen: Sequence[Seen], updates: int) -> tuple[Trial, ...]:
    """One trial an arm that was scored in every world that counts, the best fixes first."""
    worlds = [one for one in seen if one.scores is not None]
    known = [plan for plan in plans if all(one.scores and plan.name in one.scores.by_arm for one in worlds)]
    judged = [plan.name for plan in known if plan.arm in JUDGED]
    others = [plan.name for plan in known if plan.arm in (Arm.REFERENCE, Arm.RANDOM)]
    apart = [{**differences(one.scores, judged), **differences(one.scores, others)} for one in worlds if one.scores]
    return tuple(sorted((_trial(plan, worlds, apart, updates) for plan in known), key=_place))


def _place(trial: Trial) -> tuple[int, float]:
    order = [Arm.FIX, Arm.CONTROL, Arm.PLACEBO, Arm.REFERENCE, Arm.RANDOM]
    return order.index(trial.arm), -trial.difference.mean if trial.difference else 0.0


def _trial(plan: Plan, worlds: Sequence[Seen], apart: Sequence[Mapping[str, Difference]], updates: int) -> Trial:
    scores = [one.scores for one in worlds if one.scores is not None]
    shares = [one.shares(one.by_arm[plan.name]) for one in scores]
    found: dict[str, Any] = {"score": interquartile(np.concatenate(shares), seed=0)}
    if plan.arm is not Arm.CONTROL:
        difference, effect = together([one[plan.name] for one in apart], len(shares[0]))
        found |= {"difference": difference, "verdict": effect}
    note = "; ".join((*_traits(plan, worlds), *_stopped(plan, worlds, updates)))
    return Trial(fix=plan.name, arm=plan.arm, changes=plan.changes, note=note, **found)


def _stopped(plan: Plan, worlds: Sequence[Seen], updates: int) -> Iterator[str]:
    reached = min(one.scores.at[plan.name] for one in worlds if one.scores is not None)
    if reached < updates:
        yield f"stopped after {reached} of {updates} updates"


def _traits(plan: Plan, worlds: Sequence[Seen]) -> Iterator[str]:
    """What the update's own numbers say about the arm."""

    def mean(trait: str, name: str = plan.name) -> float:
        return float(np.mean([one.traits[name][trait] for one in worlds]))

    cut = mean("value_clip_fraction")
    if cut > CUT_OFF:
        yield f"{cut:.0%} of the value errors have no gradient"
    if mean("critic_loss") < LOWER * mean("critic_loss", "control") and plan.arm is Arm.FIX:
        yield f"value loss {mean('critic_loss', 'control') / max(mean('critic_loss'), 1e-12):.2g} times lower"
    if mean("policy_share") < STARVED:
        yield f"the policy gets {mean('policy_share'):.2g} of the gradient"
