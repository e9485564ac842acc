"""Adam and gradient-norm clipping, each candidate by itself.

Parameters and gradients are tables [C, P]. ``torch.nn.utils.clip_grad_norm_`` on stacked weights would take one norm
over all candidates and so couple them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    betas: Tensor = field(init=False)
    """Both decay rates [1, 2], in the moments' precision."""
    weights: Tensor = field(init=False)
    """Of what comes in, [1, 2]: 1 - beta."""

    def __post_init__(self) -> None:
        self.betas = self.steps.new_tensor([[BETA1, BETA2]])
        self.weights = self.steps.new_tensor([[1 - BETA1, 1 - BETA2]])

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
def step(
    theta: Tensor, gradient: Tensor, adam: Adam, rates: Sequence[tuple[slice, Tensor]], epsilon: Tensor, active: Tensor
) -> None:
    """One step of Adam in place, as ``torch/optim/adam.py``; candidates that are not active keep all they have.

    rates: columns and their learning rate [C, 1]; epsilon [C, 1]; active bool [C, 1]. Both bias corrections are taken
    out of the table: m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + e) = m s / (1 - b1^t) / (sqrt(v) + e s),
    s = sqrt(1 - b2^t).
    """
    if not theta.shape == gradient.shape == adam.first.shape or active.shape != adam.steps.shape:
        raise ValueError(f"shapes differ: {theta.shape}, {gradient.shape}, {adam.first.shape}, {active.shape}")
    moving = active.to(theta.dtype)
    adam.steps += moving
    weights = moving * adam.weights
    corrections = 1 - adam.betas ** adam.steps.clamp(min=1.0)
    root = corrections[:, 1:].sqrt()
    adam.first.lerp_(gradient, weights[:, :1])
    torch.mul(gradient, gradient, out=adam.scratch)
    adam.second.lerp_(adam.scratch, weights[:, 1:])
    torch.sqrt(adam.second, out=adam.scratch)
    adam.scratch.add_(epsilon * root)
    torch.div(adam.first, adam.scratch, out=adam.scratch)
    factor = moving * root / corrections[:, :1]
    for columns, rate in rates:
        theta[:, columns].addcmul_(adam.scratch[:, columns], -rate * factor)
