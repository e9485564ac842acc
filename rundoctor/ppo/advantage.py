"""TD errors, generalised advantage estimation, discounted returns.

Shapes: rewards, values, next_values [C, T, N, K]; terminated, truncated [C, T, N]; gamma, lambda [C, 1] or numbers.
``next_values`` are the values of the states that the steps led to: after a time limit that is the episode's last state,
not the first of the next episode. A *terminated* step has no future: nothing is bootstrapped. A *truncated* one has a
future that was not seen: its value stands in for it. Both end the trace. Units: the reward's.
"""

from __future__ import annotations

import torch
from torch import Tensor


def td_error(rewards: Tensor, values: Tensor, next_values: Tensor, terminated: Tensor, gamma: Tensor | float) -> Tensor:
    """delta_t = r_t + gamma (1 - terminated_t) V(s_{t+1}) - V(s_t), of arXiv:1506.02438. [C, T, N, K].

    The value after a terminated step is not read, so it need not be a number.
    """
    _check(rewards, values, next_values)
    _check_ends(rewards, terminated)
    return rewards + _per_candidate(gamma) * next_values.masked_fill(terminated.unsqueeze(-1), 0.0) - values


def gae(
    rewards: Tensor,
    values: Tensor,
    next_values: Tensor,
    terminated: Tensor,
    truncated: Tensor,
    gamma: Tensor | float,
    gae_lambda: Tensor | float,
) -> Tensor:
    """A_t = delta_t + gamma lambda (1 - done_t) A_{t+1}, of arXiv:1506.02438, in log2 T steps. [C, T, N, K]."""
    delta = td_error(rewards, values, next_values, terminated, gamma)
    decay = _per_candidate(gamma) * _per_candidate(gae_lambda)
    return recurrence(delta, decay * _going_on(terminated, truncated, delta))


def gae_loop(
    rewards: Tensor,
    values: Tensor,
    next_values: Tensor,
    terminated: Tensor,
    truncated: Tensor,
    gamma: Tensor | float,
    gae_lambda: Tensor | float,
) -> Tensor:
    """The same as ``gae``, backwards through time as the papers and frameworks write it. [C, T, N, K]."""
    delta = td_error(rewards, values, next_values, terminated, gamma)
    decay = (_per_candidate(gamma) * _per_candidate(gae_lambda) * _going_on(terminated, truncated, delta)).expand_as(
        delta
    )
    advantages = torch.zeros_like(delta)
    advantage = torch.zeros_like(delta[:, 0])
    for t in reversed(range(delta.shape[1])):
        advantage = delta[:, t] + decay[:, t] * advantage
        advantages[:, t] = advantage
    return advantages


def discounted_return(
    rewards: Tensor, next_values: Tensor, terminated: Tensor, truncated: Tensor, gamma: Tensor | float
) -> Tensor:
    """Sum of gamma^l r_{t+l} to the episode's end, plus the value of what was not seen. [C, T, N, K].

    Bootstraps at time limits and at the end of the rollout; GAE with lambda = 1 is this less the value.
    """
    _check(rewards, next_values)
    _check_ends(rewards, terminated, truncated)
    unseen = truncated.clone()
    unseen[:, -1] |= ~terminated[:, -1]
    ahead = _per_candidate(gamma) * next_values.masked_fill(~(unseen & ~terminated).unsqueeze(-1), 0.0)
    return recurrence(rewards + ahead, _per_candidate(gamma) * _going_on(terminated, truncated, rewards))


def recurrence(x: Tensor, decay: Tensor) -> Tensor:
    """y_t = x_t + decay_t y_{t+1}, by doubling: after pass p, y_t holds its first 2^p terms. [C, T, N, K]."""
    y, decay = x.clone(), decay.expand_as(x).clone()
    span, steps = 1, x.shape[1]
    while span < steps:
        y[:, :-span] += decay[:, :-span] * y[:, span:].clone()
        decay[:, :-span] *= decay[:, span:].clone()
        span *= 2
    return y


def _going_on(terminated: Tensor, truncated: Tensor, like: Tensor) -> Tensor:
    """1 where the episode goes on after the step. [C, T, N, 1]."""
    _check_ends(like, terminated, truncated)
    return (~(terminated | truncated)).unsqueeze(-1).to(like.dtype)


def _per_candidate(number: Tensor | float) -> Tensor | float:
    """[C, 1] -> [C, 1, 1, 1]; a number stays."""
    return number.reshape(-1, 1, 1, 1) if isinstance(number, Tensor) else number


def _check(rewards: Tensor, *values: Tensor) -> None:
    if rewards.dim() != 4 or any(x.shape != rewards.shape for x in values):
        raise ValueError(f"need [C, T, N, K] of one shape, got {[tuple(x.shape) for x in (rewards, *values)]}")


def _check_ends(rewards: Tensor, *ends: Tensor) -> None:
    for end in ends:
        if end.shape != rewards.shape[:3] or end.dtype != torch.bool:
            raise ValueError(f"need bool {tuple(rewards.shape[:3])}, got {end.dtype} {tuple(end.shape)}")
