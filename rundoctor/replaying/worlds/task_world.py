"""A surrogate task as a world."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.tasks import Task
from rundoctor.replaying.worlds.world import CPU, Outcome, World

LEVELS = 2
"""Forces a discrete action chooses from: full left and full right."""


class TaskWorld:
    """N environments of one task for each candidate; candidates of one stream see the same noise."""

    def __init__(
        self, streams: Sequence[int], *, task: Task, environments: int, discrete: bool, device: torch.device = CPU
    ) -> None:
        self.task, self.streams, self.environments, self.discrete = task, tuple(streams), environments, discrete
        self.observations, self.limit = task.observations, task.limit
        self.actions = LEVELS if discrete else 1
        self.device = device
        self.state = self.age = self._starts = self._kicks = torch.zeros((), device=device)
        self._now = 0

    def begin(self, purpose: str, update: int, steps: int) -> None:
        starts, kicks = ((steps + 1, self.environments, n) for n in (self.task.start_noise, self.task.step_noise))
        place = (self.task.name, self.streams)
        self._starts = noise.normal(*place, f"{purpose} start", update, starts, self.device)
        self._kicks = noise.normal(*place, f"{purpose} step", update, kicks, self.device)
        self._now = 0

    def follow(self, world: World, rows: Sequence[int]) -> None:
        """Nothing to do: everybody sees a task as it is."""

    def restart(self) -> None:
        self.state = self.task.start(self._starts[:, -1])
        self.age = torch.zeros(self.state.shape[:2], dtype=torch.int64, device=self.device)

    def observe(self) -> Tensor:
        return self.task.observe(self.state)

    def step(self, actions: Tensor) -> Outcome:
        state, reward, terminated = self.task.step(self.state, self._force(actions), self._kicks[:, self._now])
        self.age = self.age + 1
        truncated = (self.age >= self.limit) & ~terminated
        done = terminated | truncated
        self.state = torch.where(done.unsqueeze(-1), self.task.start(self._starts[:, self._now]), state)
        self.age = torch.where(done, 0, self.age)
        self._now += 1
        return Outcome(reward, self.task.observe(state), terminated, truncated)

    def _force(self, actions: Tensor) -> Tensor:
        """In [-1, 1]; a candidate whose policy is no number any more pushes nothing."""
        if self.discrete:
            return 2.0 * actions / (LEVELS - 1) - 1.0
        return actions[..., 0].clamp(-1.0, 1.0).nan_to_num(0.0)
