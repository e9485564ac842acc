"""One PPO update of C candidates: Algorithm 1 of arXiv:1707.06347 from the rollout on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo import moments, network, optim
from rundoctor.ppo.batch import Rollout, Scaling, prepare
from rundoctor.ppo.config import Architecture, Returns
from rundoctor.ppo.diagnostics import Diagnostics, Log
from rundoctor.ppo.objective import gradients
from rundoctor.ppo.optim import Adam
from rundoctor.ppo.settings import Settings
from rundoctor.ppo.stopping import Stopping


@dataclass(slots=True)
class Bank:
    """C candidates: their parameters and all that they carry from update to update."""

    architecture: Architecture
    theta: Tensor
    """[C, P]; changed in place."""
    adam: Adam
    scaling: Scaling

    @classmethod
    def start(cls, architecture: Architecture, rows: Sequence[Tensor], environments: int) -> Bank:
        """A bank from rows [P], one a candidate, as ``network.initial`` or ``network.from_sb3`` give them."""
        theta = torch.stack(list(rows))
        scaling = Scaling.start(len(rows), environments, architecture.components, theta)
        return cls(architecture, theta, Adam.start(theta), scaling)


@torch.no_grad()
def update(bank: Bank, rollout: Rollout, settings: Settings, order: Tensor, remaining: float = 1.0) -> Diagnostics:
    """Several epochs of minibatch steps on one rollout.

    ``order`` says which sample comes when: int64 [epochs, M], or [C, epochs, M] for an order of each candidate's own,
    on the parameters' device. ``remaining`` is the share of training still to come, for learning-rate schedules.
    """
    batch, scaling, judged = prepare(rollout, settings, bank.scaling)
    _preserve_outputs(bank, scaling, settings)
    parts, split = network.unpacked(bank.architecture, bank.theta), network.policy_columns(bank.architecture)
    rates = list(zip((slice(split), slice(split, None)), settings.rates(remaining), strict=True))
    stopping = Stopping.start(settings.chose, settings.target_kl, settings.epochs)
    log = Log()
    for epoch in range(settings.n_epochs):
        stopping.begin(epoch)
        for minibatch in batch.shuffled(order[..., epoch, :]).split(settings.batch_size):
            terms, gradient, flat = gradients(bank.architecture, parts, minibatch, settings)
            looking = active = ~stopping.waiting
            step = gradient.clipped
            if settings.anyone_stops:
                active = stopping.see(terms.kl.unsqueeze(1))
                step = torch.where(active, step, 0.0)
            optim.step(bank.theta, step, bank.adam, rates, settings.adam_epsilon, active)
            log.add(epoch, looking, active, (*terms.seen, flat, *gradient.seen))
        stopping.end(terms.kl.unsqueeze(1))
    return log.diagnostics(judged)


def orders(samples: int, epochs: int, generator: torch.Generator) -> Tensor:
    """A random order of the samples for each epoch, int64 [epochs, M], on the generator's device."""
    draws = (torch.randperm(samples, generator=generator, device=generator.device) for _ in range(epochs))
    return torch.stack(list(draws))


@torch.no_grad()
def _preserve_outputs(bank: Bank, scaling: Scaling, settings: Settings) -> None:
    """Where PopArt's moments moved, the value head moves against them; the new scaling is kept."""
    parts = network.unpacked(bank.architecture, bank.theta)
    weight, bias = parts["critic.head.weight"], parts["critic.head.bias"]
    new = moments.popart_rescaled(weight, bias, bank.scaling.returns, scaling.returns)
    popart = settings.chose[Returns.POPART]
    weight.copy_(torch.where(popart.unsqueeze(-1), new[0], weight))
    bias.copy_(torch.where(popart, new[1], bias))
    bank.scaling = scaling
