"""What stands between a task and its trainer: weights on the reward's components, and what goes wrong in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corpus.world import Array


@dataclass(frozen=True, kw_only=True)
class Tampering:
    """What is done to rewards and observations; times are shares of the training."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """Factors on components."""
    change_at: float = 1.0
    change: float = 1.0
    """Factor on all components from then on."""
    drift: float = 0.0
    """Deviation of the logarithm of each component's learned weight in an update."""
    poison_at: float = 1.0
    """From then on one reward in a thousand is infinite."""
    clip: float = np.inf
    """Bound on the absolute reward."""
    timeouts_end: bool = False
    """Whether a time limit is taken for the end of an episode."""
    observation_factor: float = 1.0
    harder_at: float = 1.0
    harder: float = 1.0
    """Difficulty from then on, in a course."""


class Paid(NamedTuple):
    """What the trainer gets for a step, and what it logs of it."""

    logged: Array
    """By component. [N, K]."""
    reward: Array
    """[N]; one column a component, [N, K], where they are learned apart."""


class Payer:
    """Pays for the steps of one run."""

    def __init__(self, tampering: Tampering, components: tuple[str, ...], scale: float, seed: int) -> None:
        self.tampering, self.draw = tampering, np.random.default_rng(seed)
        self.fixed = scale * np.array([tampering.weights.get(name, 1.0) for name in components])
        self.learned = np.ones(len(components))
        self.progress = 0.0

    def begin_update(self, progress: float) -> None:
        """Say how much of the training is over."""
        self.progress = progress
        self.learned = self.learned * np.exp(self.tampering.drift * self.draw.standard_normal(len(self.learned)))

    def pay(self, parts: Array) -> Paid:
        """parts [N, K]."""
        logged = parts * self.fixed
        if self.progress >= self.tampering.change_at:
            logged = logged * self.tampering.change
        if self.progress >= self.tampering.poison_at:
            logged = np.where(self.draw.random(logged.shape) < 1e-3, np.inf, logged)
        clip = self.tampering.clip
        return Paid(logged, np.clip((logged * self.learned).sum(1), -clip, clip))
