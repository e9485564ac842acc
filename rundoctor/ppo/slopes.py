"""Derivatives of the losses, written out: on tensors this small several times as fast as autograd, their oracle.

Letters and shapes are those of ``loss``. Where a loss has a kink the derivative is that of one side; NaN stays NaN.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rundoctor.ppo.config import ValueLoss
from rundoctor.ppo.loss import Bound, clamped, wide


def clipped_surrogate(free: Tensor, clipped: Tensor) -> Tensor:
    """Of ``loss.clipped_surrogate`` by each sample's log-probability, from ``loss.surrogates``. [C, B].

    d ratio / d log pi is the ratio; nothing where the clipped product is the smaller one.
    """
    return free.masked_fill(clipped < free, 0.0).div_(-free.shape[1])


def value_loss(form: ValueLoss, values: Tensor, old: Tensor, returns: Tensor, bound: Bound) -> Tensor:
    """Of ``loss.value_loss`` by each value. [C, B, K]."""
    return VALUE_SLOPES[form](values, old, returns, bound).div_(values.shape[1])


def _squared_error(values: Tensor, old: Tensor, returns: Tensor, _: Bound) -> Tensor:
    return 2 * (values - returns)


def _huber(values: Tensor, old: Tensor, returns: Tensor, delta: Bound) -> Tensor:
    return 2 * clamped(values - returns, -wide(delta), wide(delta))


def _clip_max(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    change, error = values - old, values - returns
    clipped = old + clamped(change, -wide(epsilon), wide(epsilon)) - returns
    return (2 * error).masked_fill((change.abs() > wide(epsilon)) & (clipped.abs() > error.abs()), 0.0)


def _clip_hard(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    return (2 * (values - returns)).masked_fill((values - old).abs() > wide(epsilon), 0.0)


def _clip_relative(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    change, error, width = values - old, values - returns, wide(epsilon) * old.abs()
    clipped = old + clamped(change, -width, width) - returns
    return (2 * error).masked_fill((change.abs() > width) & (clipped.abs() > error.abs()), 0.0)


def _clip_relative_literal(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    rate = 1 / (old.abs() + 1e-8)
    change, error = (values - old) * rate, values - returns
    clipped = old * (1 + clamped(change, -wide(epsilon), wide(epsilon))) - returns
    inside = torch.where(change.abs() > wide(epsilon), 0.0, old * rate)
    return 2 * torch.where(clipped.abs() > error.abs(), clipped * inside, error)


def _clamp_squared(values: Tensor, old: Tensor, returns: Tensor, ceiling: Bound) -> Tensor:
    error = values - returns
    return (2 * error).masked_fill(error.square() > wide(ceiling), 0.0)


VALUE_SLOPES: dict[ValueLoss, Callable[[Tensor, Tensor, Tensor, Bound], Tensor]] = {
    ValueLoss.MSE: _squared_error,
    ValueLoss.HUBER: _huber,
    ValueLoss.CLIP_MAX: _clip_max,
    ValueLoss.CLIP_HARD: _clip_hard,
    ValueLoss.CLIP_RELATIVE: _clip_relative,
    ValueLoss.CLIP_RELATIVE_LITERAL: _clip_relative_literal,
    ValueLoss.CLAMP_SQUARED: _clamp_squared,
}
