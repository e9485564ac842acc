"""Which candidates still learn within an update: the epochs of each, and the KL rule of each.

Nothing is broken out of: a candidate that has stopped is masked, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor

from rundoctor.ppo.config import KLStop

SB3_MARGIN = 1.5
"""``ppo.py`` of Stable-Baselines3 2.9.2 stops above 1.5 x ``target_kl``."""


@dataclass(slots=True)
class Stopping:
    """State of the stop rules during one update. All [C, 1]."""

    rules: Mapping[Enum, Tensor]
    """Which candidates follow which rule, bool."""
    limit: Tensor
    """nat."""
    epochs: Tensor
    ended: Tensor
    """Stopped for this update."""
    waiting: Tensor
    """Stopped for this epoch."""

    @classmethod
    def start(cls, rules: Mapping[Enum, Tensor], target_kl: Tensor, epochs: Tensor) -> Stopping:
        none = torch.zeros_like(target_kl, dtype=torch.bool)
        limit = torch.where(rules[KLStop.SB3], SB3_MARGIN * target_kl, target_kl)
        return cls(rules, limit, epochs, none, none)

    def begin(self, epoch: int) -> None:
        """An epoch begins, counted from 0."""
        self.ended = self.ended | (self.epochs <= epoch)
        self.waiting = self.ended

    def see(self, kl: Tensor) -> Tensor:
        """The approximate KL [C, 1] of a minibatch before its step; who takes the step, bool [C, 1]."""
        over = kl > self.limit
        self.ended = self.ended | (over & self.rules[KLStop.SB3] & ~self.waiting)
        self.waiting = self.waiting | self.ended | (over & self.rules[KLStop.SKRL])
        return ~self.waiting

    def end(self, kl: Tensor) -> None:
        """An epoch ended; the approximate KL [C, 1] of its last minibatch."""
        self.ended = self.ended | ((kl > self.limit) & self.rules[KLStop.CLEANRL])
