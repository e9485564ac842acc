"""What one update did, under each of several configurations, measured with the same ruler for all."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo import distribution, loss, network
from rundoctor.ppo.batch import Rollout, prepare
from rundoctor.ppo.config import Config, Returns
from rundoctor.ppo.diagnostics import Diagnostics
from rundoctor.ppo.objective import gradients
from rundoctor.ppo.settings import Settings
from rundoctor.ppo.update import Bank
from rundoctor.ppo.update import update as run_update
from rundoctor.replaying.recorded.restart import orders, restarted
from rundoctor.replaying.recorded.update import RecordedUpdate

CHUNK = 4096
"""Samples that are looked at together; bounds the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One candidate's update.

    Errors are against the recorded returns: those of the control's discount, from the recorded rewards and values, in
    the unit of the recorded rewards.
    """

    critic_error_before: float
    """Root of the mean squared V - R."""
    critic_error_after: float
    critic_bias_after: float
    """mean(V - R)."""
    value_clip_fraction: float
    """Share of the values looked at whose loss had no gradient."""
    policy_kl: float
    """Approximate KL (k3) of the policy after the update to the one that acted, over the rollout; nat."""
    policy_share: float
    """Policy's gradient norm over the sum of both after the clip, mean over minibatches."""
    policy_cosine: float
    """Of the policy's gradient over the whole rollout at the recorded state, with the control's."""
    steps: float
    """Minibatch steps."""

    @property
    def diverged(self) -> bool:
        return not (math.isfinite(self.critic_error_after) and math.isfinite(self.policy_kl))


@dataclass(frozen=True, slots=True)
class Replayed:
    """Candidates after an update."""

    outcomes: tuple[Outcome, ...]
    theta: Tensor
    """[C, P]."""
    told: Diagnostics


@torch.no_grad()
def replay_update(update: RecordedUpdate, configs: Sequence[Config], seed: int, *, fresh: bool = False) -> Replayed:
    """Run an update again from its recorded state, once under each configuration; batch sizes must agree.

    ``fresh``: the samples come in an order of their own instead of the recorded one.
    """
    bank, rollout, settings, unit = restarted(update, configs)
    generator = torch.Generator().manual_seed(seed + update.number)
    told = run_update(bank, rollout, settings, orders(update, settings.n_epochs, generator, fresh=fresh))
    columns = {
        **_critic(update, _values(bank, rollout, settings, unit)),
        "policy_kl": _kl(bank, rollout),
        "policy_cosine": torch.cosine_similarity(
            _policy_gradient(update, configs), _policy_gradient(update, [update.config])
        ),
        "value_clip_fraction": told.value_clip_fraction,
        "policy_share": told.policy_share,
        "steps": told.steps,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return Replayed(tuple(Outcome(**dict(zip(columns, row, strict=True))) for row in rows), bank.theta, told)


def _critic(update: RecordedUpdate, values: Tensor) -> dict[str, Tensor]:
    """Error and bias of values [C, M, K] against the recorded returns. [C]."""
    bank, rollout, settings, _ = restarted(update, [update.config])
    judged = prepare(rollout, settings, bank.scaling)[2]
    error = (values - judged.returns).flatten(1)
    before = (judged.values - judged.returns).square().mean().sqrt()
    return {
        "critic_error_before": before.expand(len(values)),
        "critic_error_after": error.square().mean(1).sqrt(),
        "critic_bias_after": error.mean(1),
    }


def _values(bank: Bank, rollout: Rollout, settings: Settings, unit: Tensor) -> Tensor:
    """Values after the update as the advantage estimate would read them, in the recorded rewards' unit. [C, M, K]."""
    observations = torch.split(rollout.observations.flatten(1, 2), CHUNK, 1)
    values = torch.cat([network.forward(bank.architecture, bank.theta, x).values for x in observations], 1)
    popart = settings.chose[Returns.POPART]
    seen = bank.scaling.returns
    mean, deviation = torch.where(popart, seen.mean, 0.0), torch.where(popart, seen.deviation, 1.0)
    return (values * deviation.unsqueeze(1) + mean.unsqueeze(1)) * unit.unsqueeze(2)


def _kl(bank: Bank, rollout: Rollout) -> Tensor:
    """Approximate KL of the policy as it is to the one that acted. [C]; nat."""
    parts = [part.flatten(1, 2) for part in (rollout.observations, rollout.actions, rollout.log_prob)]
    ratios = []
    for observations, actions, old in zip(*(torch.split(part, CHUNK, 1) for part in parts), strict=True):
        outputs = network.forward(bank.architecture, bank.theta, observations)
        ratios.append(distribution.log_prob(outputs.head, outputs.log_std, actions) - old)
    return loss.approx_kl_k3(torch.cat(ratios, 1))


def _policy_gradient(update: RecordedUpdate, configs: Sequence[Config]) -> Tensor:
    """The policy's gradient over the whole rollout at the recorded state, by its own columns. [C, P']."""
    alone = [dataclasses.replace(config, vf_coef=0.0, max_grad_norm=math.inf) for config in configs]
    bank, rollout, settings, _ = restarted(update, alone)
    batch = prepare(rollout, settings, bank.scaling)[0]
    total, parts = torch.zeros_like(bank.theta), network.unpacked(bank.architecture, bank.theta)
    for part in batch.split(CHUNK):
        total += gradients(bank.architecture, parts, part, settings)[1].clipped * part.advantages.shape[1]
    return total[:, : network.policy_columns(bank.architecture)]
