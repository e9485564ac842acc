"""The objective of a minibatch and its gradient, the policy's part and the critic's apart."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo import distribution, loss, network, optim, slopes
from rundoctor.ppo.batch import Batch, standardized
from rundoctor.ppo.config import AdvantageNormalization, Architecture, NormClip
from rundoctor.ppo.network import Outputs, Parts
from rundoctor.ppo.settings import Settings


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of arXiv:1707.06347, eq. 9, as losses, and what was seen on the way. All [C]."""

    policy: Tensor
    """Clipped surrogate less the weighted entropy."""
    critic: Tensor
    """Weighted value loss."""
    kl: Tensor
    entropy: Tensor
    clip_fraction: Tensor

    @property
    def seen(self) -> tuple[Tensor, ...]:
        return (self.policy, self.critic, self.kl, self.entropy, self.clip_fraction)


@dataclass(frozen=True, slots=True)
class Gradients:
    """Gradients [C, P] after the clip, and norms [C, 1] before and after."""

    clipped: Tensor
    policy_norm: Tensor
    critic_norm: Tensor
    policy_share: Tensor
    """Of the sum of both norms after the clip."""

    @property
    def seen(self) -> tuple[Tensor, ...]:
        return tuple(x.squeeze(1) for x in (self.policy_norm, self.critic_norm, self.policy_share))


def gradients(
    architecture: Architecture, parts: Parts, minibatch: Batch, settings: Settings
) -> tuple[Terms, Gradients, Tensor]:
    """The terms of networks, their gradients within the norm bound, and the share of values without a gradient, [C]."""
    outputs = network.outputs(architecture, parts, minibatch.observations)
    policy, kl, entropy, clip_fraction, by_head, by_log_std = _policy_part(outputs, minibatch, settings)
    critic, by_values = _critic_part(outputs.values, minibatch, settings)
    by_loss = network.backward(architecture, parts, outputs, by_head, by_log_std, by_values)
    flat = (by_values == 0).to(by_values.dtype).mean((1, 2))
    return Terms(policy, critic, kl, entropy, clip_fraction), _within(*by_loss, architecture, settings), flat


def _policy_part(outputs: Outputs, minibatch: Batch, settings: Settings) -> tuple[Tensor, ...]:
    """Loss, KL, entropy, clip fraction, [C]; the loss's derivatives by head [C, B, A] and by log_std [C, A or 0]."""
    advantages = torch.where(
        settings.chose[AdvantageNormalization.MINIBATCH], standardized(minibatch.advantages), minibatch.advantages
    )
    policy = distribution.policy(outputs.head, outputs.log_std)
    log_prob = policy.log_prob(minibatch.actions)
    ratios = loss.ratio(log_prob, minibatch.old_log_prob)
    entropy = policy.entropy()
    surrogates = loss.surrogates(ratios, advantages, settings.clip_range)
    by_log_prob = slopes.clipped_surrogate(*surrogates)
    return (
        -torch.minimum(*surrogates).mean(1) - settings.ent_coef.squeeze(1) * entropy,
        loss.approx_kl_k3(log_prob - minibatch.old_log_prob),
        entropy,
        loss.clip_fraction(ratios, settings.clip_range),
        *policy.slopes(minibatch.actions, by_log_prob, -settings.ent_coef),
    )


def _critic_part(values: Tensor, minibatch: Batch, settings: Settings) -> tuple[Tensor, Tensor]:
    """Each candidate's weighted value loss in the form it chose, [C], and its derivative by the values, [C, B, K]."""
    old, targets, bound = minibatch.old_values, minibatch.targets, settings.value_bound
    losses, by_values = values.new_empty(len(values)), torch.empty_like(values)
    for form, rows in settings.value_forms:
        part = (values[rows], old[rows], targets[rows], bound[rows])
        losses[rows] = loss.value_loss(form, *part)
        by_values[rows] = slopes.value_loss(form, *part)
    weight = settings.vf_coef
    return weight.squeeze(1) * losses, weight.unsqueeze(2) * by_values


def _within(policy: Tensor, critic: Tensor, architecture: Architecture, settings: Settings) -> Gradients:
    """The parts of the gradient, as ``network.backward`` gives them, put together within the norm bound."""
    norms = (optim.norm(policy), optim.norm(critic))
    total = optim.norm(policy + critic) if architecture.shared_trunk else torch.hypot(*norms)
    factors = _factors(*norms, total, settings)
    policy.mul_(factors[0])
    critic.mul_(factors[1])
    clipped = policy.add_(critic) if architecture.shared_trunk else torch.cat((policy, critic), 1)
    after = (norms[0] * factors[0], norms[1] * factors[1])
    return Gradients(clipped, *norms, after[0] / (after[0] + after[1]))


def _factors(policy: Tensor, critic: Tensor, total: Tensor, settings: Settings) -> tuple[Tensor, Tensor]:
    """The clip's factors on the policy's and the critic's gradient, from their norms and the whole's. [C, 1]."""
    joint = optim.clip_factor(total, settings.max_grad_norm)
    separate = settings.chose[NormClip.SEPARATE]
    return (
        torch.where(separate, optim.clip_factor(policy, settings.max_grad_norm), joint),
        torch.where(separate, optim.clip_factor(critic, settings.max_grad_norm), joint),
    )
