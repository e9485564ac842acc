"""The policy's distribution: categorical, or a diagonal Gaussian.

``head`` [C, B, A] is the logits or the mean; ``log_std`` [C, A] is the logarithm of the deviation in the action's unit,
``None`` for discrete actions. Actions are int64 [C, B] or float [C, B, A]; probabilities are natural logarithms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Categorical:
    """One of A actions."""

    log_p: Tensor
    """Normalised logits [C, B, A]."""

    def log_prob(self, actions: Tensor) -> Tensor:
        """Logarithm of pi(a|s). [C, B]."""
        _check(self.log_p, actions, self.log_p.shape[:2])
        return self.log_p.gather(-1, actions.unsqueeze(-1)).squeeze(-1)

    def entropy(self) -> Tensor:
        """Mean over the samples. [C]."""
        return self._entropies().mean(1)

    def slopes(self, actions: Tensor, by_log_prob: Tensor, by_entropy: Tensor) -> tuple[Tensor, Tensor]:
        """Derivatives by the head [C, B, A] and by log_std [C, 0], from those by log_prob [C, B] and entropy [C, 1].

        d log pi(a) / d logit_i = [i = a] - p_i;  d H / d logit_i = - p_i (log p_i + H).
        """
        own, share = by_log_prob.unsqueeze(-1), by_entropy.unsqueeze(-1) / actions.shape[1]
        surprise = self.log_p + self._entropies().unsqueeze(-1)
        by_head = self.log_p.exp().neg_() * torch.addcmul(own, share, surprise)
        return by_head.scatter_add_(-1, actions.unsqueeze(-1), own), own.new_zeros(len(own), 0)

    def _entropies(self) -> Tensor:
        """Of each sample, [C, B]."""
        return -(self.log_p.exp() * self.log_p).sum(-1)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """A numbers, each with a deviation of its own."""

    mean: Tensor
    """[C, B, A]."""
    log_std: Tensor
    """[C, A]."""

    def log_prob(self, actions: Tensor) -> Tensor:
        """Logarithm of pi(a|s). [C, B]."""
        _check(self.mean, actions, self.mean.shape)
        return -(0.5 * self._score(actions).square() + self.log_std.unsqueeze(1) + HALF_LOG_TAU).sum(-1)

    def entropy(self) -> Tensor:
        """The same for all samples. [C]."""
        return (self.log_std + HALF_LOG_TAU + 0.5).sum(-1)

    def slopes(self, actions: Tensor, by_log_prob: Tensor, by_entropy: Tensor) -> tuple[Tensor, Tensor]:
        """Derivatives by the head [C, B, A] and by log_std [C, A], from those by log_prob [C, B] and entropy [C, 1].

        z = (a - mean) / std:  d log pi / d mean = z / std;  d log pi / d log std = z^2 - 1;  d H / d log std = 1.
        """
        score, own = self._score(actions), by_log_prob.unsqueeze(-1)
        by_mean = own * score * (-self.log_std).exp().unsqueeze(1)
        return by_mean, (own * (score.square() - 1)).sum(1) + by_entropy

    def _score(self, actions: Tensor) -> Tensor:
        return (actions - self.mean) * (-self.log_std).exp().unsqueeze(1)


def policy(head: Tensor, log_std: Tensor | None) -> Categorical | Gaussian:
    """The distribution that the network's outputs say."""
    return Categorical(head.log_softmax(-1)) if log_std is None else Gaussian(head, log_std)


def log_prob(head: Tensor, log_std: Tensor | None, actions: Tensor) -> Tensor:
    """Logarithm of pi(a|s). [C, B]; nat."""
    return policy(head, log_std).log_prob(actions)


def entropy(head: Tensor, log_std: Tensor | None) -> Tensor:
    """Mean entropy over the samples. [C]; nat."""
    return policy(head, log_std).entropy()


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


def _check(head: Tensor, actions: Tensor, wanted: torch.Size) -> None:
    if head.dim() != 3 or actions.shape != wanted:
        raise ValueError(f"need actions {tuple(wanted)}, got {tuple(actions.shape)}")
