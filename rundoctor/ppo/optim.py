"""Adam and gradient-norm clipping, each candidate by itself.

Parameters and gradients are tables [C, P]. ``torch.nn.utils.clip_grad_norm_`` on stacked weights would take one norm
over all candidates and so couple them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

BETA1, BETA2 = 0.9, 0.999
"""Adam's decay rates; the defaults of ``torch/optim/adam.py``."""


@dataclass(slots=True)
class Adam:
    """State of Adam: moments [C, P] and steps taken [C, 1]."""

    first: Tensor
    second: Tensor
    steps: Tensor
    scratch: Tensor
    """[C, P]; working memory."""

    @classmethod
    def start(cls, theta: Tensor) -> Adam:
        zero, steps = torch.zeros_like(theta), torch.zeros_like(theta[:, :1])
        return cls(zero, zero.clone(), steps, zero.clone())


def norm(gradient: Tensor) -> Tensor:
    """Euclidean norm by candidate, [C, P] -> [C, 1]."""
    length: Tensor = torch.linalg.vector_norm(gradient, dim=1, keepdim=True)
    return length


def clip_factor(norms: Tensor, bound: Tensor) -> Tensor:
    """Factor that brings norms [C, 1] to the bound; ``torch/nn/utils/clip_grad.py``, with its 1e-6."""
    return (bound / (norms + 1e-6)).clamp(max=1.0)


@torch.no_grad()
def step(theta: Tensor, gradient: Tensor, adam: Adam, rates: Tensor, epsilon: Tensor, active: Tensor) -> None:
    """One step of Adam in place, as ``torch/optim/adam.py``; candidates that are not active keep all they have.

    rates [C, 1] or [C, P], epsilon [C, 1], active [C, 1] bool. The gradient table is consumed.
    """
    if not theta.shape == gradient.shape == adam.first.shape or active.shape != adam.steps.shape:
        raise ValueError(f"shapes differ: {theta.shape}, {gradient.shape}, {adam.first.shape}, {active.shape}")
    moving = active.to(theta.dtype)
    gradient.masked_fill_(~active, 0.0)
    adam.steps += moving
    taken = adam.steps.clamp(min=1.0)
    adam.first.lerp_(gradient, (1 - BETA1) * moving)
    torch.mul(gradient, gradient, out=adam.scratch)
    adam.second.lerp_(adam.scratch, (1 - BETA2) * moving)
    torch.sqrt(adam.second, out=adam.scratch)
    adam.scratch.div_((1 - BETA2**taken).sqrt()).add_(epsilon)
    torch.div(adam.first, adam.scratch, out=adam.scratch)
    theta.addcmul_(adam.scratch, -rates * moving / (1 - BETA1**taken))


def columns_of_rates(policy: Tensor, critic: Tensor, split: int, width: int) -> Tensor:
    """Learning rates [C, 1] of the policy's and the critic's columns as one [C, P]."""
    return torch.cat((policy.expand(-1, split), critic.expand(-1, width - split)), 1)
