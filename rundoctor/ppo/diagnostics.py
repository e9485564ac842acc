"""What an update tells of each candidate, gathered without leaving the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rundoctor.ppo import loss
from rundoctor.ppo.batch import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """One update, by candidate. Means are over the minibatches that the candidate looked at. [C] or as said."""

    critic_bias: Tensor
    """mean(V - R) when the rollout began. [C, K]; the reward's raw unit."""
    critic_error: Tensor
    """Root of the mean squared V - R when the rollout began. [C, K]; the reward's raw unit."""
    explained_variance: Tensor
    """[C, K]."""
    kl: Tensor
    """Approximate KL (k3) by epoch. [C, epochs]; nat; NaN for epochs not run."""
    entropy: Tensor
    """nat."""
    clip_fraction: Tensor
    value_clip_fraction: Tensor
    """Share of value predictions whose weighted loss has no gradient."""
    policy_loss: Tensor
    """Clipped surrogate less the weighted entropy."""
    critic_loss: Tensor
    """Weighted value loss; the critic's unit squared."""
    policy_grad_norm: Tensor
    """Before the clip."""
    critic_grad_norm: Tensor
    """Before the clip."""
    policy_share: Tensor
    """Policy's gradient norm over the sum of both, after the clip."""
    steps: Tensor
    """Minibatch steps taken."""


@dataclass(slots=True)
class Log:
    """What was seen of an update, minibatch by minibatch."""

    rows: list[Sequence[Tensor]] = field(default_factory=list)
    """Columns [C] in the order of ``COLUMNS``."""
    looked: list[Tensor] = field(default_factory=list)
    """Who looked at the minibatch, bool [C, 1]."""
    stepped: list[Tensor] = field(default_factory=list)
    """Who took its step, bool [C, 1]."""
    epochs: list[int] = field(default_factory=list)

    def add(self, epoch: int, looked: Tensor, stepped: Tensor, columns: Sequence[Tensor]) -> None:
        """One minibatch; columns [C] in the order of ``COLUMNS``."""
        self.rows.append(columns)
        self.looked.append(looked)
        self.stepped.append(stepped)
        self.epochs.append(epoch)

    def diagnostics(self, judged: Judged) -> Diagnostics:
        """The means of what was added."""
        rows = torch.stack([torch.stack(column) for column in zip(*self.rows, strict=True)], 2)
        looked = torch.stack(self.looked)
        epochs = torch.tensor(self.epochs, device=rows.device)
        kl = [_mean(rows[epochs == epoch][..., KL], looked[epochs == epoch]) for epoch in range(max(self.epochs) + 1)]
        means = dict(zip(COLUMNS, _mean(rows, looked).unbind(1), strict=True))
        error = judged.values - judged.returns
        return Diagnostics(
            critic_bias=error.mean(1),
            critic_error=error.square().mean(1).sqrt(),
            explained_variance=loss.explained_variance(judged.values, judged.returns),
            kl=torch.cat(kl, 1),
            steps=torch.stack(self.stepped).sum((0, 2)),
            **{name: means[name] for name in COLUMNS if name != "kl"},
        )


COLUMNS = (
    "policy_loss",
    "critic_loss",
    "kl",
    "entropy",
    "clip_fraction",
    "value_clip_fraction",
    "policy_grad_norm",
    "critic_grad_norm",
    "policy_share",
)
"""What is kept of a minibatch."""

KL = slice(COLUMNS.index("kl"), COLUMNS.index("kl") + 1)


def _mean(rows: Tensor, looked: Tensor) -> Tensor:
    """Mean over the first axis of [S, C, F] where looked, [S, C, 1]; NaN where never."""
    return torch.where(looked, rows, 0.0).sum(0) / looked.sum(0)
