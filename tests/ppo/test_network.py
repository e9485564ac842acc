from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from torch import Tensor

from rundoctor.ppo import network
from rundoctor.ppo.config import Activation, Architecture
from tests.ppo.rollouts import CONTINUOUS, DISCRETE, rows, seeded

SHARED = dataclasses.replace(DISCRETE, shared_trunk=True, components=3, activation=Activation.RELU, hidden=(8, 6, 5))
KINDS = pytest.mark.parametrize(
    "architecture", [DISCRETE, CONTINUOUS, SHARED], ids=["discrete", "continuous", "shared"]
)


@KINDS
def test_a_bank_is_each_alone(architecture: Architecture) -> None:
    theta, x = torch.stack(rows(architecture, 5)), torch.randn(5, 7, 4, generator=seeded(0)).double()
    together = network.forward(architecture, theta, x)
    for c in range(5):
        alone = network.forward(architecture, theta[c : c + 1], x[c : c + 1])
        torch.testing.assert_close(together.head[c], alone.head[0], rtol=1e-13, atol=1e-13)
        torch.testing.assert_close(together.values[c], alone.values[0], rtol=1e-13, atol=1e-13)
    assert together.head.shape == (5, 7, architecture.actions)
    assert together.values.shape == (5, 7, architecture.components)


@KINDS
def test_the_start_is_orthogonal_with_the_gains_of_stable_baselines3(architecture: Architecture) -> None:
    row = network.initial(architecture, seeded(0), torch.float64)
    for block in network.layout(architecture):
        part = network.unpacked(architecture, row.unsqueeze(0))[block.name][0]
        if part.dim() == 1:
            assert not part.any(), block.name
            continue
        gain = {"policy.head": 0.01, "critic.head": 1.0}.get(block.name.rpartition(".")[0], math.sqrt(2))
        short = part @ part.T if part.shape[0] <= part.shape[1] else part.T @ part
        torch.testing.assert_close(short, gain**2 * torch.eye(len(short), dtype=torch.float64))


def test_the_same_seed_gives_the_same_network() -> None:
    state = torch.random.get_rng_state()
    first, second, other = (network.initial(DISCRETE, seeded(s)) for s in (1, 1, 2))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    assert torch.equal(state, torch.random.get_rng_state())


def test_policy_columns_come_first() -> None:
    for architecture in (DISCRETE, CONTINUOUS, SHARED):
        blocks, split, column = network.layout(architecture), network.policy_columns(architecture), 0
        for block in blocks:
            assert (column >= split) == block.name.startswith("critic.")
            column += block.size


@KINDS
def test_the_backward_pass_is_autograd(architecture: Architecture) -> None:
    theta, draw = torch.stack(rows(architecture, 3)), seeded(0)
    x = torch.randn(3, 7, 4, generator=draw).double()
    leaf = theta.clone().requires_grad_()
    out = network.forward(architecture, leaf, x)
    by_head, by_values = (torch.randn(part.shape, generator=draw).double() for part in (out.head, out.values))
    by_log_std = torch.randn(3, 0 if out.log_std is None else architecture.actions, generator=draw).double()
    policy = (by_head * out.head).sum() + (0 if out.log_std is None else (by_log_std * out.log_std).sum())
    wanted = [
        torch.autograd.grad(part, leaf, retain_graph=True)[0] for part in (policy, (by_values * out.values).sum())
    ]
    with torch.no_grad():
        found = network.backward(
            architecture, network.unpacked(architecture, theta), out, by_head, by_log_std, by_values
        )
    split = network.policy_columns(architecture)
    if not architecture.shared_trunk:
        assert not wanted[0][:, split:].any()
        assert not wanted[1][:, :split].any()
        wanted = [wanted[0][:, :split], wanted[1][:, split:]]
    for ours, autograd in zip(found, wanted, strict=True):
        torch.testing.assert_close(ours, autograd, rtol=1e-12, atol=1e-12)


def test_gradcheck_of_the_network() -> None:
    small = Architecture(observations=2, actions=2, discrete=False, components=2, hidden=(3, 2))
    theta = torch.stack(rows(small, 2)).requires_grad_()
    x = torch.randn(2, 3, 2, generator=seeded(0)).double()

    def outputs(parameters: Tensor) -> tuple[Tensor, Tensor]:
        out = network.forward(small, parameters, x)
        return out.head, out.values

    assert torch.autograd.gradcheck(outputs, (theta,))


def test_shapes_are_checked() -> None:
    theta = torch.stack(rows(DISCRETE, 2))
    with pytest.raises(ValueError, match=r"need \[C, "):
        network.unpacked(DISCRETE, theta[:, 1:])
    with pytest.raises(ValueError, match=r"\[2, B, D\]"):
        network.forward(DISCRETE, theta, torch.zeros(3, 4, 4).double())
