from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from rundoctor.ppo import distribution, network
from rundoctor.ppo.collect import Collector
from rundoctor.ppo.config import Architecture
from rundoctor.ppo.update import Bank
from tests.ppo.rollouts import seeded

ARCHITECTURE = Architecture(observations=2, actions=2, discrete=True, hidden=(4,))
CONTINUOUS = Architecture(observations=2, actions=1, discrete=False, hidden=(4,))
LENGTH = 3


class Counters:
    """Each environment counts its steps; even ones terminate at 3, odd ones are cut there. The reward is the count."""

    def __init__(self, count: int) -> None:
        self.num_envs, self.steps, self.played = count, np.zeros(count), np.zeros(())

    def seen(self) -> np.ndarray[Any, Any]:
        return np.stack((self.steps, np.arange(self.num_envs)), 1).astype(np.float64)

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        return self.seen(), {}

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        self.played = actions
        self.steps += 1
        rewards, done, even = self.steps.copy(), self.steps == LENGTH, np.arange(self.num_envs) % 2 == 0
        final = np.empty(self.num_envs, dtype=object)
        for i in np.flatnonzero(done):
            final[i] = self.seen()[i]
        self.steps[done] = 0
        return self.seen(), rewards, done & even, done & ~even, {"final_obs": final}


def collector(architecture: Architecture, candidates: int = 2, environments: int = 2) -> tuple[Collector, Bank]:
    rows = [network.initial(architecture, seeded(c)) for c in range(candidates)]
    bounds = (None, None) if architecture.discrete else (torch.tensor([-0.1]), torch.tensor([0.1]))
    made = Collector(Counters(candidates * environments), candidates, seeded(0), *bounds)
    made.start(0)
    return made, Bank.start(architecture, rows, environments)


def test_every_environment_belongs_to_one_candidate() -> None:
    made, bank = collector(ARCHITECTURE)
    rollout = made.collect(bank, 7)
    assert rollout.observations.shape == (2, 7, 2, 2)
    assert rollout.observations[..., 1].unique().tolist() == [0, 1, 2, 3]
    assert rollout.observations[1, :, 0, 1].tolist() == [2.0] * 7
    assert rollout.observations[0, :, 0, 0].tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert rollout.rewards[0, :, 0, 0].tolist() == [1, 2, 3, 1, 2, 3, 1]
    assert made.finished == [[6.0] * 4, [6.0] * 4]


def test_ends_are_told_apart_and_the_last_state_is_valued() -> None:
    made, bank = collector(ARCHITECTURE)
    rollout = made.collect(bank, 4)
    assert rollout.terminated[:, 2].tolist() == [[True, False]] * 2
    assert rollout.truncated[:, 2].tolist() == [[False, True]] * 2
    assert rollout.terminated.sum() == rollout.truncated.sum() == 2
    last = torch.tensor([[[3.0, 0.0], [3.0, 1.0]], [[3.0, 2.0], [3.0, 3.0]]])
    with torch.no_grad():
        wanted = network.forward(ARCHITECTURE, bank.theta, last).values
    torch.testing.assert_close(rollout.next_values[:, 2], wanted)
    torch.testing.assert_close(rollout.next_values[:, :2], rollout.values[:, 1:3])


def test_log_probabilities_are_those_of_the_actions() -> None:
    made, bank = collector(ARCHITECTURE)
    rollout = made.collect(bank, 4)
    with torch.no_grad():
        out = network.forward(ARCHITECTURE, bank.theta, rollout.observations.flatten(1, 2))
    wanted = distribution.log_prob(out.head, None, rollout.actions.flatten(1, 2))
    torch.testing.assert_close(rollout.log_prob.flatten(1, 2), wanted)


def test_continuous_actions_are_clipped_for_the_environment_only() -> None:
    made, bank = collector(CONTINUOUS)
    rollout = made.collect(bank, 5)
    assert abs(made.environments.played).max() == pytest.approx(0.1)  # type: ignore[attr-defined]
    assert rollout.actions.abs().max() > 0.1


@pytest.mark.parametrize("architecture", [ARCHITECTURE, CONTINUOUS], ids=["discrete", "continuous"])
def test_a_rollout_has_the_precision_of_the_bank(architecture: Architecture) -> None:
    made, bank = collector(architecture)
    double = Bank.start(architecture, list(bank.theta.double()), 2)
    rollout = made.collect(double, 4)
    parts = [getattr(rollout, name) for name in rollout.__slots__]
    assert {part.dtype for part in parts if part.is_floating_point()} == {torch.float64}


def test_a_rollout_goes_on_where_the_last_one_ended() -> None:
    made, bank = collector(ARCHITECTURE)
    made.collect(bank, 2)
    assert made.collect(bank, 2).observations[0, :, 0, 0].tolist() == [2, 0]
    assert made.finished[0] == [6.0, 6.0]
