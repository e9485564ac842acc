"""From a rollout to what the update reads: advantages and targets in the unit each candidate's critic learns in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo import moments
from rundoctor.ppo.advantage import gae
from rundoctor.ppo.config import AdvantageNormalization, Returns
from rundoctor.ppo.moments import Moments
from rundoctor.ppo.settings import Settings

FLOOR = 1e-8
"""Added to a deviation before dividing; ``ppo.py`` of Stable-Baselines3 2.9.2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """What T steps in N environments gave; a leading axis of stride 0 (``expand``) shares it among candidates."""

    observations: Tensor
    """[C, T, N, D]."""
    actions: Tensor
    """int64 [C, T, N] or float [C, T, N, A]."""
    log_prob: Tensor
    """[C, T, N]; nat; when acting."""
    rewards: Tensor
    """[C, T, N, K]; raw."""
    values: Tensor
    """[C, T, N, K]; the critic's unit, when acting."""
    next_values: Tensor
    """[C, T, N, K]; of the states that the steps led to: the episode's last one where truncated."""
    terminated: Tensor
    """bool [C, T, N]."""
    truncated: Tensor
    """bool [C, T, N]; cut by a time limit."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What return handling carries from rollout to rollout."""

    reward_sums: Tensor
    """[C, N]; the discounted reward sums so far."""
    sums: Moments
    """[C, 1]; of the discounted reward sums."""
    returns: Moments
    """[C, K]; of the returns, for PopArt."""

    @classmethod
    def start(cls, candidates: int, environments: int, components: int, like: Tensor) -> Scaling:
        sums, returns = like.new_zeros(candidates, 1), like.new_zeros(candidates, components)
        return cls(like.new_zeros(candidates, environments), moments.start(sums), moments.start(returns))


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of a rollout in a row, or a minibatch of them."""

    observations: Tensor
    """[C, M, D]."""
    actions: Tensor
    """int64 [C, M] or float [C, M, A]."""
    old_log_prob: Tensor
    """[C, M]."""
    advantages: Tensor
    """[C, M]; components summed."""
    targets: Tensor
    """[C, M, K]; returns in the critic's unit."""
    old_values: Tensor
    """[C, M, K]; the critic's unit."""

    def _parts(self) -> tuple[Tensor, ...]:
        return (self.observations, self.actions, self.old_log_prob, self.advantages, self.targets, self.old_values)

    def shuffled(self, order: Tensor) -> Batch:
        """The samples in an order, int64 [M] for all candidates or [C, M]."""
        if order.dim() == 1:
            return Batch(*(part.index_select(1, order) for part in self._parts()))
        candidates = torch.arange(order.shape[0], device=order.device).unsqueeze(1)
        return Batch(*(part[candidates, order] for part in self._parts()))

    def split(self, size: int) -> Iterator[Batch]:
        """Minibatches in a row; the last one may be smaller."""
        return (Batch(*parts) for parts in zip(*(torch.split(part, size, 1) for part in self._parts()), strict=True))


@dataclass(frozen=True, slots=True)
class Judged:
    """The critic as it was when the rollout began, against the returns, both in the reward's raw unit. [C, M, K]."""

    values: Tensor
    returns: Tensor


def prepare(rollout: Rollout, settings: Settings, scaling: Scaling) -> tuple[Batch, Scaling, Judged]:
    """Advantages, targets and old values of a rollout, and the scaling after it."""
    rewards, unit, scaling = _scaled_rewards(rollout, settings, scaling)
    mean, deviation = _affine(settings, scaling.returns)
    values = _wide(deviation) * rollout.values + _wide(mean)
    next_values = _wide(deviation) * rollout.next_values + _wide(mean)
    advantages = gae(
        rewards, values, next_values, rollout.terminated, rollout.truncated, settings.gamma, settings.gae_lambda
    ).flatten(1, 2)
    values = values.flatten(1, 2)
    returns = advantages + values
    seen = moments.merged(scaling.returns, returns, settings.popart_rollouts * returns.shape[1])
    scaling = Scaling(scaling.reward_sums, scaling.sums, seen)
    mean, deviation = (x.unsqueeze(1) for x in _affine(settings, seen))
    targets = torch.where(
        settings.chose[Returns.BATCH].unsqueeze(-1),
        settings.return_scale.unsqueeze(-1) * standardized(returns),
        (returns - mean) / deviation,
    )
    batch = Batch(
        rollout.observations.flatten(1, 2),
        rollout.actions.flatten(1, 2),
        rollout.log_prob.flatten(1, 2),
        _combined(advantages, settings),
        targets,
        (values - mean) / deviation,
    )
    return batch, scaling, Judged(values * unit, returns * unit)


def standardized(x: Tensor) -> Tensor:
    """(x - mean) / (deviation + 1e-8) over axis 1, with Bessel's correction; a single sample stays as it is."""
    if x.shape[1] < 2:
        return x
    return (x - x.mean(1, keepdim=True)) / (x.std(1, keepdim=True) + FLOOR)


def _scaled_rewards(rollout: Rollout, settings: Settings, scaling: Scaling) -> tuple[Tensor, Tensor, Scaling]:
    """Rewards as GAE reads them, and the raw unit of one of theirs, [C, 1, 1].

    VecNormalize with one difference: its deviation moves at each step, ours once a rollout, before the rollout is read.
    """
    if not settings.anyone_scales:
        return rollout.rewards, torch.ones_like(settings.gamma).unsqueeze(-1), scaling
    total = (rollout.rewards * settings.component_weights[:, None, None]).sum(-1)
    done = rollout.terminated | rollout.truncated
    sums, carried = moments.discounted_sums(total, scaling.reward_sums, done, settings.gamma)
    seen = moments.merged(scaling.sums, sums.flatten(1).unsqueeze(-1))
    unit = torch.where(settings.chose[Returns.RUNNING], seen.deviation, 1.0)
    bound = torch.where(settings.chose[Returns.RUNNING], settings.reward_clip, torch.inf)
    rewards = (rollout.rewards / _wide(unit)).clamp(-_wide(bound), _wide(bound))
    return rewards, unit.unsqueeze(-1), Scaling(carried, seen, scaling.returns)


def _affine(settings: Settings, seen: Moments) -> tuple[Tensor, Tensor]:
    """Mean and deviation by which values are de-normalised: PopArt's, 0 and 1 for the others. [C, K]."""
    popart = settings.chose[Returns.POPART]
    return torch.where(popart, seen.mean, 0.0), torch.where(popart, seen.deviation, 1.0)


def _combined(advantages: Tensor, settings: Settings) -> Tensor:
    """The weighted sum of the components' advantages, standardised where it is by batch. [C, M, K] -> [C, M]."""
    apart = settings.chose[AdvantageNormalization.PER_COMPONENT].unsqueeze(-1)
    parts = torch.where(apart, standardized(advantages), advantages)
    total = (parts * settings.component_weights.unsqueeze(1)).sum(-1)
    return torch.where(settings.chose[AdvantageNormalization.BATCH], standardized(total), total)


def _wide(x: Tensor) -> Tensor:
    """[C, K] -> [C, 1, 1, K]."""
    return x[:, None, None]
