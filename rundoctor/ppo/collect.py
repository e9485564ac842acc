"""Collect rollouts of C candidates at once from a vector of C N environments.

The environments are Gymnasium's vector kind with ``AutoresetMode.SAME_STEP``: a finished episode's last observation is
in ``infos["final_obs"]``, and the observation returned is already the next episode's first. Environment c N + n belongs
to candidate c. Environments live on the CPU; the rollout is on the bank's device and in its precision, as the generator
and the bounds must be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.update import Bank


class Environments(Protocol):
    """What is used of ``gymnasium.vector.VectorEnv``."""

    num_envs: int

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]: ...

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]: ...


@dataclass(slots=True)
class Collector:
    """The environments, where they stand, and the returns of the episodes that ended."""

    environments: Environments
    candidates: int
    generator: torch.Generator
    low: Tensor | None = None
    """Bounds [A] of continuous actions; what the environment gets is clipped, what is learned from is not, as in
    Stable-Baselines3."""
    high: Tensor | None = None
    observations: Tensor = field(init=False)
    running: Tensor = field(init=False)
    """Return so far of each environment's episode, [C, N]."""
    finished: list[list[float]] = field(init=False)
    """Returns of finished episodes, by candidate."""

    def start(self, seed: int) -> None:
        self.observations = self._rows(self.environments.reset(seed=seed)[0])
        self.running = torch.zeros(self.observations.shape[:2])
        self.finished = [[] for _ in range(self.candidates)]

    @torch.no_grad()
    def collect(self, bank: Bank, steps: int) -> Rollout:
        """The next T steps."""
        rows = [self._step(bank) for _ in range(steps)]
        parts = [torch.stack(column, 1) for column in zip(*rows, strict=True)]
        return Rollout(**dict(zip(COLUMNS, parts, strict=True)))

    def _step(self, bank: Bank) -> tuple[Tensor, ...]:
        observations = self.observations.to(bank.theta)
        out = network.forward(bank.architecture, bank.theta, observations)
        actions = distribution.sample(out.head, out.log_std, self.generator)
        played = actions if self.low is None else actions.clamp(self.low, self.high)
        seen, rewards, terminated, truncated, infos = self.environments.step(played.flatten(0, 1).cpu().numpy())
        ended, cut, gained = (self._rows(x) for x in (terminated, truncated, rewards))
        self.observations = self._rows(seen)
        after = self._led_to(infos, ended | cut).to(bank.theta)
        self._count(gained, ended | cut)
        log_prob = distribution.log_prob(out.head, out.log_std, actions)
        next_values = network.forward(bank.architecture, bank.theta, after).values
        gained, ended, cut = gained.to(bank.theta).unsqueeze(-1), ended.to(log_prob.device), cut.to(log_prob.device)
        return observations, actions, log_prob, gained, out.values, next_values, ended, cut

    def _led_to(self, infos: dict[str, Any], done: Tensor) -> Tensor:
        """The observations that the steps led to, [C, N, D]: an episode's last one where it ended."""
        after = self.observations.clone()
        for c, n in done.nonzero().tolist():
            last = infos["final_obs"][c * done.shape[1] + n]
            after[c, n] = torch.as_tensor(last, dtype=after.dtype)
        return after

    def _count(self, gained: Tensor, done: Tensor) -> None:
        self.running += gained
        for c, n in done.nonzero().tolist():
            self.finished[c].append(float(self.running[c, n]))
        self.running[done] = 0.0

    def _rows(self, array: Any) -> Tensor:
        """[C N, ...] -> [C, N, ...]; floats in single precision."""
        tensor = torch.as_tensor(array)
        tensor = tensor.reshape(self.candidates, -1, *tensor.shape[1:])
        return tensor.float() if tensor.is_floating_point() else tensor


COLUMNS = (
    "observations",
    "actions",
    "log_prob",
    "rewards",
    "values",
    "next_values",
    "terminated",
    "truncated",
)
"""Of a ``Rollout``, in the order in which a step gives them."""
