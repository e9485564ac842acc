"""How much is replayed: the budget in arm-updates, and which arms it has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rundoctor.errors import RundoctorError
from rundoctor.model.replay import Arm, NotRun
from rundoctor.replaying.arms import Plan

SEEDS = 10
STEPS = 5_000
"""Gradient steps of a candidate that is told no number of updates: what the surrogates are learned in."""
UPDATES = (8, 40)
"""Fewest and most updates it is given."""
WORK = 1_250_000
"""Gradient steps of a replay that is told no budget: less than a minute on two cores."""
HALVED_FROM = 4
"""Fixes from which the worse half is dropped half way."""
FRAME = 3
"""Arms that every world needs: control, placebo, reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asks of a replay."""

    fixes: tuple[str, ...] = ()
    """Names of the fixes to try; all that apply when empty."""
    seeds: int = SEEDS
    updates: int | None = None
    """Of each arm; as many as make ``STEPS`` gradient steps when None."""
    budget: int | None = None
    """Arm-updates: one update of one arm with one seed."""
    jobs: int | None = None
    """Processes; as many as there are cores when None."""
    seed: int = 0
    """All noise hangs on it: another one is another replay of the same."""
    mode: str = ""
    """``recorded`` or ``surrogate``; recorded updates where the run has them when empty."""
    environment: str = ""
    """A Gymnasium task, ``CartPole-v1`` or ``package.module:factory``; a surrogate when empty."""
    assume: Mapping[str, Any] = field(default_factory=dict)
    """The user's word for what the config does not say, by canonical name; ``activation`` and ``discrete`` too."""

    def __post_init__(self) -> None:
        """Raise ``RundoctorError`` for a replay of nothing."""
        for name, least in (("seeds", 2), ("updates", 4), ("budget", 1), ("jobs", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise RundoctorError(f"--{name} {value} is too low", f"at least {least}")


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


def cost(fixes: int, seeds: int, updates: int) -> int:
    """Arm-updates of one world: the frame, the random arm, and the fixes, the worse half of them half way."""
    half = max(1, updates // 2)
    return seeds * ((FRAME + 1) * updates + fixes * half + halved(fixes) * (updates - half))


def affordable(
    plans: Sequence[Plan], request: Request, steps_per_update: int, worlds: int
) -> tuple[list[Plan], list[NotRun]]:
    """The first plans that the budget has room for in so many worlds, and the rest.

    Raises:
        RundoctorError: there is room for no fix at all.
    """
    share, length = budget(request, steps_per_update) // worlds, updates(request, steps_per_update)
    fixes = [plan for plan in plans if plan.arm is Arm.FIX]
    room = next((n for n in range(len(fixes), 0, -1) if cost(n, request.seeds, length) <= share), 0)
    if not room:
        least = cost(1, request.seeds, length) * worlds
        raise RundoctorError(
            f"a budget of {share * worlds} arm-updates has no room for a fix", f"--budget {least} or fewer --seeds"
        )
    reason = f"beyond the budget of {share * worlds} arm-updates: name it with --fix, or raise --budget"
    kept = [plan for plan in plans if plan.arm is not Arm.FIX or plan in fixes[:room]]
    return kept, [NotRun(fix=plan.name, reason=reason) for plan in fixes[room:]]
