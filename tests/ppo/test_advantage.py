from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from rundoctor.ppo.advantage import discounted_return, gae, gae_loop, td_error


def column(*numbers: float) -> Tensor:
    """[1, T, 1, 1]."""
    return torch.tensor(numbers, dtype=torch.float64).reshape(1, -1, 1, 1)


def flags(*steps: int) -> Tensor:
    return torch.tensor(steps, dtype=torch.bool).reshape(1, -1, 1)


def draw(seed: int, candidates: int, time: int, environments: int, components: int) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    shape = (candidates, time, environments, components)
    numbers = [torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(3)]
    ends = torch.rand(shape[:3], generator=generator)
    return (*numbers, ends < 0.15, (ends > 0.15) & (ends < 0.3))


def test_td_error_by_hand() -> None:
    delta = td_error(column(1, 2), column(10, 20), column(20, 40), flags(0, 1), 0.5)
    assert delta.flatten().tolist() == [1 + 0.5 * 20 - 10, 2 - 20]


def test_gae_by_hand() -> None:
    found = gae(column(1, 1, 1), column(0, 0, 0), column(0, 0, 8), flags(0, 0, 0), flags(0, 0, 0), 0.5, 0.5)
    assert found.flatten().tolist() == [1 + 0.25 * (1 + 0.25 * 5), 1 + 0.25 * 5, 5]


def test_a_terminated_step_has_no_future_and_a_truncated_one_has() -> None:
    rewards, values, ahead, no = column(1, 1), column(0, 0), column(100, 7), flags(0, 0)
    ended = gae(rewards, values, ahead, flags(1, 0), no, 1.0, 1.0).flatten().tolist()
    cut = gae(rewards, values, ahead, no, flags(1, 0), 1.0, 1.0).flatten().tolist()
    assert ended == [1, 8]
    assert cut == [101, 8]


def test_nothing_leaks_back_over_an_end() -> None:
    for end in ((flags(0, 1, 0), flags(0, 0, 0)), (flags(0, 0, 0), flags(0, 1, 0))):
        before = gae(column(1, 1, 1), column(0, 0, 0), column(0, 0, 0), *end, 0.9, 0.9)
        after = gae(column(1, 1, 999), column(0, 0, 0), column(0, 0, 0), *end, 0.9, 0.9)
        assert torch.equal(before[:, :2], after[:, :2])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.integers(1, 3), st.integers(1, 33), st.integers(1, 3), st.integers(1, 3))
def test_fast_and_plain_agree(seed: int, candidates: int, time: int, environments: int, components: int) -> None:
    inputs = draw(seed, candidates, time, environments, components)
    gamma, trace = torch.linspace(0.5, 1, candidates).unsqueeze(1).double(), torch.full((candidates, 1), 0.95).double()
    torch.testing.assert_close(gae(*inputs, gamma, trace), gae_loop(*inputs, gamma, trace), rtol=1e-12, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(1, 20))
def test_lambda_one_is_the_monte_carlo_return(seed: int, time: int) -> None:
    rewards, values, ahead, terminated, truncated = draw(seed, 2, time, 2, 2)
    if time > 1:  # what a step led to is the next state, unless an episode ended there
        ends = (terminated | truncated)[:, :-1].unsqueeze(-1)
        ahead[:, :-1] = torch.where(ends, ahead[:, :-1], values[:, 1:])
    advantages = gae(rewards, values, ahead, terminated, truncated, 0.9, 1.0)
    returns = discounted_return(rewards, ahead, terminated, truncated, 0.9)
    torch.testing.assert_close(advantages + values, returns, rtol=1e-12, atol=1e-12)


def test_lambda_zero_is_the_td_error() -> None:
    inputs = draw(0, 2, 9, 2, 2)
    assert torch.equal(gae(*inputs, 0.9, 0.0), td_error(*inputs[:4], 0.9))


def test_linear_in_the_unit_of_the_reward() -> None:
    rewards, values, ahead, *ends = draw(0, 2, 9, 2, 2)
    once = gae(rewards, values, ahead, *ends, 0.9, 0.8)
    torch.testing.assert_close(gae(8 * rewards, 8 * values, 8 * ahead, *ends, 0.9, 0.8), 8 * once)


def test_the_value_after_a_terminated_step_is_not_read() -> None:
    """InvertedPendulum terminates on states that are not numbers; their value is none either."""
    case = column(1, 1), column(0, 0), column(math.nan, 7), flags(1, 0), flags(0, 0)
    assert gae(*case, 1.0, 1.0).flatten().tolist() == [1, 8]
    assert gae_loop(*case, 1.0, 1.0).flatten().tolist() == [1, 8]
    assert discounted_return(case[0], *case[2:], 1.0).flatten().tolist() == [1, 8]


def test_truncations_are_checked() -> None:
    rewards, values, ahead, terminated, truncated = draw(0, 2, 4, 3, 1)
    for wrong in (truncated[:, :, :1], truncated[:1], truncated.long()):
        with pytest.raises(ValueError, match="need bool"):
            gae(rewards, values, ahead, terminated, wrong, 0.9, 0.9)
        with pytest.raises(ValueError, match="need bool"):
            discounted_return(rewards, ahead, terminated, wrong, 0.9)


@pytest.mark.parametrize("broken", ["rewards", "terminated", "kind"])
def test_shapes_are_checked(broken: str) -> None:
    rewards, values, ahead, terminated, truncated = draw(0, 1, 4, 1, 1)
    change: dict[str, Any] = {"rewards": rewards[..., 0], "terminated": terminated[:, :2], "kind": terminated.double()}
    first, third = (change[broken], terminated) if broken == "rewards" else (rewards, change[broken])
    with pytest.raises(ValueError, match="need"):
        gae(first, values, ahead, third, truncated, 0.9, 0.9)


def test_equals_stable_baselines3() -> None:
    spaces = pytest.importorskip("gymnasium").spaces
    buffers = pytest.importorskip("stable_baselines3.common.buffers")
    time, environments = 50, 3
    rewards, values, _, done, _ = draw(1, 1, time, environments, 1)
    last = torch.randn(environments, dtype=torch.float64)
    buffer = buffers.RolloutBuffer(
        time, spaces.Box(-1, 1, (2,)), spaces.Discrete(2), gae_lambda=0.9, gamma=0.97, n_envs=environments
    )
    buffer.rewards, buffer.values = rewards[0, ..., 0].numpy(), values[0, ..., 0].numpy()
    buffer.advantages = np.zeros((time, environments))
    starts = torch.cat((torch.zeros(1, environments), done[0, :-1].double()))
    buffer.episode_starts = starts.numpy()
    buffer.compute_returns_and_advantage(last, done[0, -1].numpy())
    ahead = torch.cat((values[:, 1:], last.reshape(1, 1, -1, 1)), 1)
    ours = gae(rewards, values, ahead, done, torch.zeros_like(done), 0.97, 0.9)
    np.testing.assert_allclose(ours[0, ..., 0].numpy(), buffer.advantages, rtol=1e-12, atol=1e-12)
