"""The terms of the objective, each for C candidates at once; their derivatives stand in ``slopes``.

Shapes: log-probabilities, ratios and advantages [C, B]; values, old values and returns [C, B, K]; bounds [C, 1] or
numbers. Results are [C] unless said otherwise. Losses are to be minimised.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rundoctor.ppo.config import ValueLoss

Bound = Tensor | float


def ratio(log_prob: Tensor, old_log_prob: Tensor) -> Tensor:
    """pi(a|s) / pi_old(a|s), of arXiv:1707.06347. [C, B]; no unit."""
    if log_prob.dim() != 2 or log_prob.shape != old_log_prob.shape:
        raise ValueError(f"need [C, B] twice, got {tuple(log_prob.shape)} and {tuple(old_log_prob.shape)}")
    return (log_prob - old_log_prob).exp()


def clipped_surrogate(ratios: Tensor, advantages: Tensor, epsilon: Bound) -> Tensor:
    """- mean min(ratio A, clip(ratio, 1 - epsilon, 1 + epsilon) A), of arXiv:1707.06347. [C]; the advantage's unit."""
    return -torch.minimum(*surrogates(ratios, advantages, epsilon)).mean(1)


def surrogates(ratios: Tensor, advantages: Tensor, epsilon: Bound) -> tuple[Tensor, Tensor]:
    """Ratio A and clip(ratio, 1 - epsilon, 1 + epsilon) A, of which the smaller one counts. [C, B]."""
    if ratios.dim() != 2 or ratios.shape != advantages.shape:
        raise ValueError(f"need [C, B] twice, got {tuple(ratios.shape)} and {tuple(advantages.shape)}")
    return ratios * advantages, clamped(ratios, 1 - epsilon, 1 + epsilon) * advantages


def clip_fraction(ratios: Tensor, epsilon: Bound) -> Tensor:
    """Share of samples with |ratio - 1| > epsilon. [C]; Stable-Baselines3 2.9.2, ``ppo.py``."""
    return ((ratios - 1).abs() > epsilon).to(ratios.dtype).mean(1)


def approx_kl_k1(log_ratios: Tensor) -> Tensor:
    """mean(-log ratio): unbiased, can be negative. [C]; nat; http://joschu.net/blog/kl-approx.html."""
    return -log_ratios.mean(1)


def approx_kl_k3(log_ratios: Tensor) -> Tensor:
    """mean(ratio - 1 - log ratio) >= 0. [C]; nat; the same note; Stable-Baselines3 and CleanRL stop by it."""
    return (log_ratios.exp() - 1 - log_ratios).mean(1)


def explained_variance(values: Tensor, returns: Tensor) -> Tensor:
    """1 - var(R - V) / var(R) over axis 1. [C, M, K] -> [C, K]; NaN where the returns do not vary."""
    spread = returns.var(1, correction=0)
    return torch.where(spread > 0, 1 - (returns - values).var(1, correction=0) / spread, torch.nan)


def squared_error(values: Tensor, old: Tensor, returns: Tensor, _: Bound = 0.0) -> Tensor:
    """(V - R)^2. [C, B, K]; the critic's unit squared, as all below."""
    return (values - returns).square()


def huber(values: Tensor, old: Tensor, returns: Tensor, delta: Bound) -> Tensor:
    """e^2 up to |e| = delta, then delta (2 |e| - delta): twice torch's ``huber_loss``, so that it joins the MSE."""
    error = (values - returns).abs()
    inner = clamped(error, None, wide(delta))
    return inner * (2 * error - inner)


def clip_max(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    """max((V - R)^2, (clip(V) - R)^2), clip(V) = old + clamp(V - old, -epsilon, epsilon): CleanRL 016ca33.

    Zero gradient once V has moved more than epsilon towards R, up to the mirror point 2 R - old - epsilon.
    """
    clipped = old + clamped(values - old, -wide(epsilon), wide(epsilon))
    return torch.maximum((values - returns).square(), (clipped - returns).square())


def clip_hard(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    """(clip(V) - R)^2: Stable-Baselines3 2.9.2, ``ppo.py``. Zero gradient beyond epsilon on both sides."""
    clipped = old + clamped(values - old, -wide(epsilon), wide(epsilon))
    return (clipped - returns).square()


def clip_relative(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    """``clip_max`` with the width epsilon |old|. Zero width where the old value is zero."""
    width = wide(epsilon) * old.abs()
    clipped = old + clamped(values - old, -width, width)
    return torch.maximum((values - returns).square(), (clipped - returns).square())


def clip_relative_literal(values: Tensor, old: Tensor, returns: Tensor, epsilon: Bound) -> Tensor:
    """The same with clip(V) = old (1 + clamp((V - old) / |old|)): moves away from V where old is negative."""
    change = clamped((values - old) / (old.abs() + 1e-8), -wide(epsilon), wide(epsilon))
    return torch.maximum((values - returns).square(), (old * (1 + change) - returns).square())


def clamp_squared(values: Tensor, old: Tensor, returns: Tensor, ceiling: Bound) -> Tensor:
    """min((V - R)^2, ceiling): RLlib's ``vf_clip_param``. Zero gradient where |V - R| > sqrt(ceiling)."""
    return clamped((values - returns).square(), None, wide(ceiling))


VALUE_LOSSES: dict[ValueLoss, Callable[[Tensor, Tensor, Tensor, Bound], Tensor]] = {
    ValueLoss.MSE: squared_error,
    ValueLoss.HUBER: huber,
    ValueLoss.CLIP_MAX: clip_max,
    ValueLoss.CLIP_HARD: clip_hard,
    ValueLoss.CLIP_RELATIVE: clip_relative,
    ValueLoss.CLIP_RELATIVE_LITERAL: clip_relative_literal,
    ValueLoss.CLAMP_SQUARED: clamp_squared,
}


def value_loss(form: ValueLoss, values: Tensor, old: Tensor, returns: Tensor, bound: Bound) -> Tensor:
    """Mean over samples, sum over components, of the per-sample loss of a form. [C, B, K] -> [C]; no factor 1/2."""
    if values.dim() != 3 or not values.shape == old.shape == returns.shape:
        shapes = [tuple(x.shape) for x in (values, old, returns)]
        raise ValueError(f"need [C, B, K] thrice, got {shapes}")
    return VALUE_LOSSES[form](values, old, returns, bound).mean(1).sum(-1)


def clamped(x: Tensor, low: Bound | None, high: Bound) -> Tensor:
    """``clamp`` with bounds that are numbers or broadcast; its gradient is 1 inside and 0 outside."""
    low = low if low is None else torch.as_tensor(low, dtype=x.dtype, device=x.device)
    return x.clamp(low, torch.as_tensor(high, dtype=x.dtype, device=x.device))


def wide(bound: Bound) -> Bound:
    """[C, 1] -> [C, 1, 1], to stand beside [C, B, K]; numbers stay."""
    return bound.unsqueeze(-1) if isinstance(bound, Tensor) and bound.dim() == 2 else bound
