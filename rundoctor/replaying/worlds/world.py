"""What candidates act in: a vector of environments for each, stepped together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

CPU = torch.device("cpu")
TRAIN, JUDGE = "train", "judge"
"""What steps are for."""


class Outcome(NamedTuple):
    """What one step gave, for C candidates and N environments."""

    reward: Tensor
    """[C, N]; in the world's own unit."""
    after: Tensor
    """[C, N, D]; the observations that the step led to, an episode's last one where it ended."""
    terminated: Tensor
    """bool [C, N]."""
    truncated: Tensor
    """bool [C, N]."""


class World(Protocol):
    """Environments that restart by themselves; where they are judged, one episode each will do."""

    observations: int
    actions: int
    discrete: bool
    environments: int
    """N."""
    limit: int
    """Steps of the longest episode."""
    device: torch.device
    """Where its tensors stand."""

    def begin(self, purpose: str, update: int, steps: int) -> None:
        """Say what the next steps are for, and draw their noise."""

    def follow(self, world: World, rows: Sequence[int]) -> None:
        """See as these candidates of another world see, one for each candidate here."""

    def restart(self) -> None:
        """Begin new episodes everywhere."""

    def observe(self) -> Tensor:
        """[C, N, D]; the first ones of new episodes where the last ones ended."""

    def step(self, actions: Tensor) -> Outcome:
        """Actions int64 [C, N] or float [C, N, A]."""
