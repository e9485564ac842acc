"""From what the worlds showed to the trials of a replay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rundoctor.model.replay import Arm, Effect, Trial
from rundoctor.replaying import judging
from rundoctor.replaying.arms import Plan
from rundoctor.replaying.contest import Seen

CUT_OFF = 0.5
"""Share of the value errors without a gradient from which a note says so."""
STARVED = 0.02
"""Share of the gradient that is the policy's below which a note says so."""
LOWER = 0.5
"""Loss over the control's below which a note says that it fell."""


def trials(plans: Sequence[Plan], seen: Sequence[Seen], updates: int) -> tuple[Trial, ...]:
    """One trial an arm that was scored in every world that counts, the best fixes first."""
    count = judging.compared_arms([plan.arm for plan in plans])
    worlds = [one for one in seen if one.scores is not None]
    known = [plan for plan in plans if all(one.scores and plan.name in one.scores.by_arm for one in worlds)]
    found = [_trial(plan, worlds, count, updates) for plan in known]
    return tuple(sorted(found, key=_place))


def _place(trial: Trial) -> tuple[int, float]:
    order = [Arm.FIX, Arm.CONTROL, Arm.PLACEBO, Arm.REFERENCE, Arm.RANDOM]
    return order.index(trial.arm), -trial.difference.mean if trial.difference else 0.0


def _trial(plan: Plan, worlds: Sequence[Seen], count: int, updates: int) -> Trial:
    scores = [one.scores for one in worlds if one.scores is not None]
    shares = np.concatenate([one.shares(one.by_arm[plan.name]) for one in scores])
    score = judging.interquartile(shares, seed=0)
    if plan.arm is Arm.CONTROL:
        return Trial(
            fix=plan.name,
            arm=plan.arm,
            score=score,
            verdict=Effect.NO_DIFFERENCE,
            note="; ".join(_traits(plan, worlds)),
        )
    difference, effect = judging.together([judging.difference(one, plan.name, count) for one in scores])
    return Trial(
        fix=plan.name,
        arm=plan.arm,
        changes=plan.changes,
        score=score,
        difference=difference,
        verdict=effect,
        note="; ".join((*_traits(plan, worlds), *_stopped(plan, worlds, updates))),
    )


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
