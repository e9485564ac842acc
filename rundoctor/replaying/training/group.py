"""Arms that can share a bank: trained together, scored at the same updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import numpy as np
import torch

from rundoctor.model.replay import Arm
from rundoctor.ppo.config import Activation, Architecture
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.arms.translation import Recipe, recipe
from rundoctor.replaying.training.closed_loop import Lane, Training
from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.world import World

JUDGED = 3
"""Updates up to an end after which arms are scored; the score is their mean."""
MOST_ARMS = 6
"""Arms of one bank: more are hardly faster, and leave a process without work."""
TRAITS = ("value_clip_fraction", "policy_share", "critic_loss", "kl")
"""Diagnostics that explain a verdict."""
Make = Callable[..., World]
"""A world for candidates of these noise streams; ``environments`` to have other than its usual number of them."""
Tell = Callable[[int], None]
"""Takes the candidate-updates that were made."""


class Group:
    """Candidates arm x seed of one bank."""

    def __init__(
        self,
        plans: Sequence[Plan],
        *,
        name: str,
        make: Make,
        hidden: tuple[int, ...],
        activation: Activation,
        value_clip_form: str,
        reward_scale: float,
        seeds: int,
        steps: int,
        judges: int,
        seed: int,
    ) -> None:
        self.plans, self.seeds, self.make, self.judges = list(plans), seeds, make, judges
        recipes = [(plan, recipe(plan.trained_with, value_clip_form)) for plan in plans]
        streams = [noise.stream(seed, k, placebo=plan.arm is Arm.PLACEBO) for plan in plans for k in range(seeds)]
        world = make(streams)
        architecture = Architecture(
            observations=world.observations,
            actions=world.actions,
            discrete=world.discrete,
            hidden=hidden,
            shared_trunk=recipes[0][1].shared_trunk,
            activation=activation,
        )
        lane = Lane(
            name=name,
            architecture=architecture,
            configs=tuple(one.config for _, one in recipes for _ in range(seeds)),
            reward_scales=tuple(_scale(plan, one, reward_scale) for plan, one in recipes for _ in range(seeds)),
            streams=tuple(streams),
            steps=steps,
        )
        self.training, self.judge = Training(lane, world), make(streams, environments=judges)
        self.scores: dict[str, dict[int, np.ndarray]] = {plan.name: {} for plan in plans}
        """By arm and end: mean return, one a seed. [seeds]."""
        self.traits: dict[str, dict[str, float]] = {}

    def untrained(self) -> dict[str, np.ndarray]:
        """Scores before the first update."""
        return self._by_arm(self.training.score(self.judge))

    def run(self, end: int, total: int, tell: Tell, stopped: Callable[[], bool]) -> None:
        """Train to the end and score there; what was begun and not ended has no score."""
        sums: list[torch.Tensor] = []
        while self.training.made < end and self.plans:
            if stopped():
                return
            self.training.advance(total)
            tell(len(self.training.lane.streams))
            if self.training.made > end - JUDGED:
                sums.append(self.training.score(self.judge))
        for name, scores in self._by_arm(torch.stack(sums).mean(0)).items() if sums else ():
            self.scores[name][end] = scores
            self.traits[name] = self._traits(name)

    def keep(self, names: Iterable[str]) -> None:
        """Go on with these arms alone."""
        wanted = set(names)
        places = [k for k, plan in enumerate(self.plans) if plan.name in wanted]
        self.plans = [self.plans[k] for k in places]
        rows = [k * self.seeds + seed for k in places for seed in range(self.seeds)]
        if rows:
            streams = [self.training.lane.streams[c] for c in rows]
            self.training = self.training.kept(rows, self.make(streams))
            self.judge = self.make(streams, environments=self.judges)

    def rows(self, name: str) -> range:
        """The arm's candidates in the bank, seed by seed."""
        place = next(k for k, plan in enumerate(self.plans) if plan.name == name)
        return range(place * self.seeds, (place + 1) * self.seeds)

    def _by_arm(self, scores: torch.Tensor) -> dict[str, np.ndarray]:
        rows = scores.cpu().double().numpy().reshape(len(self.plans), self.seeds)
        return {plan.name: row for plan, row in zip(self.plans, rows, strict=True)}

    def _traits(self, name: str) -> dict[str, float]:
        rows, late = self.rows(name), self.training.history.diagnostics[-JUDGED:]
        return {trait: float(np.nanmean([getattr(one, trait)[rows].cpu().numpy() for one in late])) for trait in TRAITS}


def grouped(plans: Iterable[Plan]) -> list[list[Plan]]:
    """Plans that can share a bank, few enough to be spread over processes: as many epochs, the same trunk."""

    def bank(plan: Plan) -> tuple[int, bool]:
        values = plan.trained_with
        return int(values["n_epochs"]), bool(values.get("shared_trunk"))

    found: list[list[Plan]] = []
    for _, some in groupby(sorted(plans, key=bank), key=bank):
        members = list(some)
        parts = -(-len(members) // MOST_ARMS)
        found += [members[k::parts] for k in range(parts)]
    return found


def _scale(plan: Plan, one: Recipe, factor: float) -> float:
    """Factor on the world's rewards: the user's unit, and what the arm changes of it."""
    return factor * one.reward_scale / (recipe(plan.values).reward_scale or 1.0)
