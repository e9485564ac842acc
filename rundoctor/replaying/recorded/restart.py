"""Begin a recorded update again, under several configurations at once, from the state that was recorded."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rundoctor.ppo import network
from rundoctor.ppo.batch import Rollout, prepare
from rundoctor.ppo.config import Config, Returns
from rundoctor.ppo.optim import Adam
from rundoctor.ppo.settings import Settings, stacked
from rundoctor.ppo.update import Bank
from rundoctor.replaying.recorded.update import DTYPE, RecordedUpdate


def restarted(update: RecordedUpdate, configs: Sequence[Config]) -> tuple[Bank, Rollout, Settings, Tensor]:
    """A bank at the recorded state, the rollout for each candidate, their settings, and their units [C, 1].

    A candidate whose rewards are divided by a running deviation, the unit, gets a critic that says the same in that
    unit: its head and its old values are divided too. Otherwise it would be blamed for a critic that was trained in
    another unit, which a run with that setting never has. The deviation is that of this one rollout.
    """
    settings = stacked(configs, update.architecture, DTYPE)
    count, environments = len(configs), update.rollout.rewards.shape[2]
    bank = Bank.start(update.architecture, [update.before] * count, environments)
    bank.adam = Adam(
        update.adam_first.repeat(count, 1),
        update.adam_second.repeat(count, 1),
        torch.full_like(bank.adam.steps, update.adam_steps),
        bank.adam.scratch,
    )
    parts = {name: getattr(update.rollout, name) for name in Rollout.__slots__}
    rollout = Rollout(**{name: part.expand(count, *part.shape[1:]) for name, part in parts.items()})
    if not settings.anyone_scales:
        return bank, rollout, settings, torch.ones_like(settings.gamma)
    _, seen, _ = prepare(rollout, settings, bank.scaling)
    unit = torch.where(settings.chose[Returns.RUNNING], seen.sums.deviation, 1.0)
    _divide_critic(bank, unit)
    wide = unit[:, :, None, None]
    parts |= {"values": rollout.values / wide, "next_values": rollout.next_values / wide}
    return bank, Rollout(**{name: part.expand(count, *part.shape[1:]) for name, part in parts.items()}), settings, unit


def orders(update: RecordedUpdate, epochs: int, generator: torch.Generator, *, fresh: bool) -> Tensor:
    """The order of the samples in each epoch, int64 [epochs, M]: the recorded one, or a fresh one.

    What the trainer did not come to, since it stopped early or had fewer epochs, is drawn.
    """
    drawn = torch.stack([torch.randperm(update.samples, generator=generator) for _ in range(epochs)])
    if fresh:
        return drawn
    for row, recorded in zip(drawn, update.order, strict=False):
        taken = recorded[recorded >= 0]
        left = torch.ones(update.samples, dtype=torch.bool)
        left[taken] = False
        row.copy_(torch.cat((taken, row[left[row]])))
    return drawn


def _divide_critic(bank: Bank, unit: Tensor) -> None:
    """Let the critic say its values over the unit [C, 1].

    The loss shrinks by the unit's square, and Adam's moments follow the gradients that it will see: the head's shrink
    by the unit, its trunk's by the square. In a shared trunk the moments are the policy's as well, and stay.
    """
    factors = torch.ones_like(bank.theta)
    factors[:, network.policy_columns(bank.architecture) :] = unit**-2
    for name, part in network.unpacked(bank.architecture, factors).items():
        if name.startswith("critic.head."):
            part.copy_(unit.reshape(-1, *[1] * (part.dim() - 1)).expand_as(part).reciprocal())
            network.unpacked(bank.architecture, bank.theta)[name].mul_(part)
    bank.adam.first.mul_(factors)
    bank.adam.second.mul_(factors.square())
