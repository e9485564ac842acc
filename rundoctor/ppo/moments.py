"""Running mean and variance, the scale of the discounted reward sum, and PopArt's rescaling of a value head."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo.advantage import recurrence

FLOOR = 1e-8
"""Added to a variance or a deviation before dividing; VecNormalize's ``epsilon``."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance so far, for C candidates and K components, in the unit of what was seen."""

    mean: Tensor
    """[C, K]."""
    variance: Tensor
    """[C, K]."""
    count: Tensor
    """[C, K]; samples, bounded where old ones are forgotten."""

    @property
    def deviation(self) -> Tensor:
        return (self.variance + FLOOR).sqrt()


def start(like: Tensor) -> Moments:
    """Mean 0, variance 1, hardly any weight, as Stable-Baselines3's ``RunningMeanStd``. ``like``: [C, K]."""
    return Moments(torch.zeros_like(like), torch.ones_like(like), torch.full_like(like, 1e-4))


def merged(moments: Moments, samples: Tensor, longest: Tensor | float = math.inf) -> Moments:
    """Moments with the samples [C, M, K] added: Chan's parallel formula, ``common/running_mean_std.py``.

    Counts never weigh more than ``longest`` samples, [C, 1] or a number: finite means that old ones are forgotten.
    """
    if samples.dim() != 3 or samples.shape[::2] != moments.mean.shape:
        raise ValueError(f"need [C, M, K], got {tuple(samples.shape)}")
    count = moments.count.clamp(max=torch.as_tensor(longest, dtype=samples.dtype, device=samples.device))
    new, total = samples.shape[1], count + samples.shape[1]
    change = samples.mean(1) - moments.mean
    squares = moments.variance * count + samples.var(1, correction=0) * new + change.square() * count * new / total
    return Moments(moments.mean + change * new / total, squares / total, total)


def discounted_sums(rewards: Tensor, carried: Tensor, done: Tensor, gamma: Tensor) -> tuple[Tensor, Tensor]:
    """S_t = gamma S_{t-1} + r_t from each episode's start, and what to carry into the next rollout.

    rewards [C, T, N], carried [C, N], done [C, T, N], gamma [C, 1] -> [C, T, N], [C, N]; ``VecNormalize``'s
    ``_update_reward``: the sum runs forward, and is zero after an episode's end.
    """
    goes_on = torch.cat((torch.ones_like(carried).unsqueeze(1), (~done[:, :-1]).to(rewards.dtype)), 1)
    decay = gamma.unsqueeze(-1) * goes_on
    first = rewards[:, :1] + decay[:, :1] * carried.unsqueeze(1)
    sums = recurrence(torch.cat((first, rewards[:, 1:]), 1).flip(1), decay.flip(1)).flip(1)
    return sums, torch.where(done[:, -1], 0.0, sums[:, -1])


def popart_rescaled(weight: Tensor, bias: Tensor, old: Moments, new: Moments) -> tuple[Tensor, Tensor]:
    """A head that puts out the same values under new moments: W' = W s/s', b' = (s b + m - m')/s'; arXiv:1602.07714.

    weight [C, K, H], bias [C, K].
    """
    shrink = old.deviation / new.deviation
    return weight * shrink.unsqueeze(2), bias * shrink + (old.mean - new.mean) / new.deviation
