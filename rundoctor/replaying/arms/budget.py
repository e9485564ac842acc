"""How much is replayed: the budget in arm-updates, and which arms it has room for."""

from __future__ import annotations

from collections.abc import Sequence

from rundoctor.errors import RundoctorError
from rundoctor.model.replay import Arm, NotRun
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.request import Request

STEPS = 4_000
"""Gradient steps of a candidate that is told no number of updates: what the surrogates are learned in."""
UPDATES = (8, 40)
"""Fewest and most updates it is given."""
WORK = 1_250_000
"""Gradient steps of a replay that is told no budget: less than a minute on two cores."""
HALVED_FROM = 4
"""Fixes from which the worse half is dropped half way."""


def budget(request: Request, steps_per_update: int) -> int:
    """Arm-updates that may be spent."""
    return WORK // steps_per_update if request.budget is None else request.budget


def updates(request: Request, steps_per_update: int) -> int:
    """Updates of each arm."""
    fewest, most = UPDATES
    usual = min(most, max(fewest, STEPS // steps_per_update))
    return usual if request.updates is None else request.updates


def halved(fixes: int) -> int:
    """How many of so many fixes are trained to the end."""
    return (fixes + 1) // 2 if fixes >= HALVED_FROM else fixes


def cost(plans: Sequence[Plan], seeds: int, updates: int) -> int:
    """Arm-updates of one world: the arms beside the fixes to the end, of the fixes the worse half half way."""
    half, fixes = max(1, updates // 2), sum(plan.arm is Arm.FIX for plan in plans)
    return seeds * ((len(plans) - fixes) * updates + fixes * half + halved(fixes) * (updates - half))


def affordable(
    plans: Sequence[Plan], request: Request, steps_per_update: int, worlds: int
) -> tuple[list[Plan], list[NotRun]]:
    """The first plans that the budget has room for in so many worlds, and the rest.

    Raises:
        RundoctorError: there is room for no fix at all.
    """
    spent, length = budget(request, steps_per_update), updates(request, steps_per_update)
    share = spent // worlds
    fixes = [plan for plan in plans if plan.arm is Arm.FIX]
    beside = [plan for plan in plans if plan.arm is not Arm.FIX]

    def price(room: int) -> int:
        return cost([*beside, *fixes[:room]], request.seeds, length)

    room = next((n for n in range(len(fixes), 0, -1) if price(n) <= share), 0)
    if not room:
        least = price(1) * worlds
        raise RundoctorError(
            f"a budget of {spent} arm-updates has no room for a fix", f"--budget {least} or fewer --seeds"
        )
    reason = f"beyond the budget of {spent} arm-updates: name it with --fix, or raise --budget"
    return [*beside, *fixes[:room]], [NotRun(fix=plan.name, reason=reason) for plan in fixes[room:]]
