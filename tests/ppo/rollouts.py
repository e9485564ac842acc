"""Synthetic rollouts and banks for the tests of the core; everything in double precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.settings import Settings, stacked
from rundoctor.ppo.update import Bank

DISCRETE = Architecture(observations=4, actions=3, discrete=True, hidden=(16, 16))
CONTINUOUS = Architecture(observations=4, actions=2, discrete=False, hidden=(16, 16))


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def rows(architecture: Architecture, count: int, seed: int = 0) -> list[Tensor]:
    """Networks with heads that are not small, so that nothing hides behind a tiny gain."""
    fresh = [network.initial(architecture, seeded(seed + c), torch.float64) for c in range(count)]
    return [row + 0.1 * torch.randn(row.shape, generator=seeded(99 + c)).double() for c, row in enumerate(fresh)]


def rollout(
    architecture: Architecture,
    theta: Tensor,
    time: int = 12,
    environments: int = 3,
    scale: float = 1.0,
    seed: int = 0,
    drift: float = 0.3,
) -> Rollout:
    """A rollout of each candidate's own; its recorded log-probabilities differ a little from the policy's."""
    draw = seeded(seed)
    candidates, components = theta.shape[0], architecture.components
    shape = (candidates, time, environments)

    def normal(*extra: int) -> Tensor:
        return torch.randn(*shape, *extra, generator=draw, dtype=torch.float64)

    observations = normal(architecture.observations)
    out = network.forward(architecture, theta, observations.flatten(1, 2))
    actions = distribution.sample(out.head, out.log_std, draw)
    log_prob = distribution.log_prob(out.head, out.log_std, actions).unflatten(1, shape[1:])
    values = out.values.unflatten(1, shape[1:])
    after = network.forward(architecture, theta, normal(architecture.observations).flatten(1, 2))
    ends = torch.rand(shape, generator=draw)
    return Rollout(
        observations=observations,
        actions=actions.unflatten(1, shape[1:]),
        log_prob=log_prob + drift * 0.1 * normal(),
        rewards=scale * (1 + normal(components)),
        values=values + drift * normal(components),
        next_values=after.values.unflatten(1, shape[1:]),
        terminated=ends < 0.1,
        truncated=(ends > 0.1) & (ends < 0.2),
    )


def only(one: Rollout, c: int) -> Rollout:
    """Candidate c's rollout by itself."""
    return Rollout(**{name: getattr(one, name)[c : c + 1] for name in Rollout.__slots__})


def bank(architecture: Architecture, configs: Sequence[Config], environments: int = 3) -> tuple[Bank, Settings]:
    start = Bank.start(architecture, rows(architecture, len(configs)), environments)
    return start, stacked(configs, architecture, torch.float64)
