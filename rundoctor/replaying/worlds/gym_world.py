"""A Gymnasium task as a world: one environment for each candidate and place, stepped one by one.

Every episode is begun from a seed that (task, stream, step, environment) decide, and draws what it draws from it. So
episodes that end early shift nothing, and where an episode stands is its seed and the actions since: that is what
travels between processes, because simulators seldom do.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rundoctor.ppo import moments
from rundoctor.ppo.moments import Moments
from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.gym_task import blamed, gym_task, made
from rundoctor.replaying.worlds.world import CPU, JUDGE, TRAIN, Outcome, World

BOUND = 10.0
"""Of a standardised observation; VecNormalize's ``clip_obs``."""


class GymWorld:
    """N environments for each candidate; candidates of one stream get the same seeds.

    Args:
        streams: the noise stream of each candidate.
        name: of the task, as ``gym_task.made`` takes it.
        environments: N.
        standardized: whether observations are standardised by each candidate's running moments, as in VecNormalize.
        device: where its tensors stand; the simulators run on the CPU.
    """

    def __init__(
        self,
        streams: Sequence[int],
        *,
        name: str,
        environments: int,
        standardized: bool = False,
        device: torch.device = CPU,
    ) -> None:
        self.name, self.streams, self.environments = name, tuple(streams), environments
        self.task = gym_task(name)
        self.observations, self.actions = self.task.observations, self.task.actions
        self.discrete, self.limit = self.task.discrete, self.task.limit
        self.device = device
        nothing = torch.zeros(len(self.streams), self.observations, device=device)
        self.moments: Moments | None = moments.start(nothing) if standardized else None
        """Of the observations while training. [C, D]."""
        self._rooms: list[Any] = []
        """The environments, candidate by candidate; none until the first step."""
        self._seeds: list[int] = []
        self._played: list[list[Any]] = []
        """Actions of each episode so far."""
        self._seen: np.ndarray | None = None
        """What the policy sees next; None where the episodes have yet to be brought to where they stand. [C N, D]."""
        self._restarts = self._starts = np.zeros(0, np.int64)
        self._over = np.zeros(0, bool)
        """Whose judged episode has ended: nothing follows it. [C N]."""
        self._now, self._purpose = 0, ""

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the environments: they are made again where the world goes on."""
        return {**self.__dict__, "_rooms": [], "_seen": None}

    def begin(self, purpose: str, update: int, steps: int) -> None:
        place = (self.name, self.streams)
        self._restarts = noise.seeds(*place, f"{purpose} restart", update, (self.environments,))
        self._starts = noise.seeds(*place, f"{purpose} start", update, (steps, self.environments))
        self._now, self._purpose = 0, purpose

    def follow(self, world: World, rows: Sequence[int]) -> None:
        if isinstance(world, GymWorld) and world.moments is not None:
            seen, pick = world.moments, list(rows)
            self.moments = Moments(seen.mean[pick], seen.variance[pick], seen.count[pick])

    def restart(self) -> None:
        self._seeds = self._restarts.reshape(-1).tolist()
        self._played = [[] for _ in self._seeds]
        self._over = np.zeros(len(self._seeds), bool)
        self._seen = None

    def observe(self) -> Tensor:
        return self._rows(self._standing())

    def step(self, actions: Tensor) -> Outcome:
        seen = self._standing()
        after, reward = seen.copy(), np.zeros(len(seen), np.float32)
        terminated, truncated = np.zeros(len(seen), bool), np.zeros(len(seen), bool)
        played = self._as_played(actions)
        with blamed(self.name, "fails in a step"):
            for k in np.flatnonzero(~self._over).tolist():
                action = played[k]
                self._played[k].append(copy(action))
                led_to, paid, terminated[k], truncated[k], _ = self._rooms[k].step(action)
                after[k], reward[k] = np.reshape(led_to, -1), np.asarray(paid).item()
                truncated[k] |= len(self._played[k]) >= self.limit
        self._seen = after.copy()
        self._end(terminated | truncated, self._seen)
        self._now += 1
        self._learn()
        flags = (self._cells(x) for x in (terminated, truncated & ~terminated))
        return Outcome(self._cells(reward), self._rows(after), *flags)

    def _end(self, done: np.ndarray, seen: np.ndarray) -> None:
        """Begin the episodes that come next, and put what is seen of them in its place. Bool [C N], [C N, D]."""
        if self._purpose == JUDGE:
            self._over |= done
            return
        starts = self._starts[:, self._now].reshape(-1)
        for k in np.flatnonzero(done).tolist():
            self._seeds[k], self._played[k] = int(starts[k]), []
            seen[k] = self._begun(k)

    def _standing(self) -> np.ndarray:
        """The observations where the episodes stand, [C N, D]; brought there by their actions where need be."""
        if self._seen is None:
            self._rooms = self._rooms or [made(self.name) for _ in self._seeds]
            self._seen = np.stack([self._begun(k) for k in range(len(self._seeds))])
        return self._seen

    def _begun(self, k: int) -> np.ndarray:
        """Begin the episode in one environment and play what was played in it. [D]."""
        with blamed(self.name, "fails in a reset"):
            seen, _ = self._rooms[k].reset(seed=self._seeds[k])
            for action in self._played[k]:
                seen, *_ = self._rooms[k].step(copy(action))
        return np.reshape(np.asarray(seen, np.float32), -1)

    def _as_played(self, actions: Tensor) -> list[Any]:
        """One a room; within the bounds, and nothing where the policy is no number any more."""
        if self.task.discrete:
            played: list[Any] = (actions.flatten() + self.task.first).tolist()
            return played
        rows = actions.flatten(0, 1).nan_to_num(0.0).cpu().numpy().clip(self.task.low, self.task.high)
        return list(rows.astype(self.task.low.dtype).reshape(-1, *self.task.shape))

    def _learn(self) -> None:
        """Count what is seen next into the moments, as VecNormalize does: the first of a new episode, not the last."""
        if self.moments is not None and self._purpose == TRAIN:
            self.moments = moments.merged(self.moments, self._cells(self._standing()))

    def _rows(self, seen: np.ndarray) -> Tensor:
        """[C N, D] -> [C, N, D], standardised where it has to be."""
        rows = self._cells(seen)
        if self.moments is None:
            return rows
        mean, deviation = self.moments.mean.unsqueeze(1), self.moments.deviation.unsqueeze(1)
        return ((rows - mean) / deviation).clamp(-BOUND, BOUND)

    def _cells(self, rows: np.ndarray) -> Tensor:
        """A copy by candidate and environment: [C N, ...] -> [C, N, ...]."""
        return torch.tensor(rows, device=self.device).reshape(len(self.streams), self.environments, *rows.shape[1:])
