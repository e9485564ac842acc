"""The policy's distribution: categorical, or a diagonal Gaussian.

``head`` [C, B, A] is the logits or the mean; ``log_std`` [C, A] is the logarithm of the deviation in the action's unit,
``None`` for discrete actions.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


def log_prob(head: Tensor, log_std: Tensor | None, actions: Tensor) -> Tensor:
    """Logarithm of pi(a|s). Actions int64 [C, B] or float [C, B, A] -> [C, B]; nat."""
    wanted = head.shape[:2] if log_std is None else head.shape
    if head.dim() != 3 or actions.shape != wanted:
        raise ValueError(f"need actions {tuple(wanted)}, got {tuple(actions.shape)}")
    if log_std is None:
        return head.log_softmax(-1).gather(-1, actions.unsqueeze(-1)).squeeze(-1)
    deviation = log_std.unsqueeze(1)
    score = (actions - head) * (-deviation).exp()
    return -(0.5 * score.square() + deviation + HALF_LOG_TAU).sum(-1)


def entropy(head: Tensor, log_std: Tensor | None) -> Tensor:
    """Mean entropy over the samples. [C]; nat."""
    if log_std is None:
        log_p = head.log_softmax(-1)
        return -(log_p.exp() * log_p).sum(-1).mean(1)
    return (log_std + HALF_LOG_TAU + 0.5).sum(-1)


@torch.no_grad()
def sample(head: Tensor, log_std: Tensor | None, generator: torch.Generator) -> Tensor:
    """One action a row: int64 [C, B] or float [C, B, A].

    Logits that are not numbers give any action: ``multinomial`` would refuse them, and with them all other candidates.
    """
    if log_std is None:
        rows = head.softmax(-1).flatten(0, 1)
        rows = rows.masked_fill(~rows.isfinite().all(-1, keepdim=True), 1.0)
        return torch.multinomial(rows, 1, generator=generator).reshape(head.shape[:2])
    noise = torch.randn(head.shape, generator=generator, dtype=head.dtype, device=head.device)
    return head + log_std.exp().unsqueeze(1) * noise
