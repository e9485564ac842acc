"""The objective of a minibatch and its gradient, the policy's part and the critic's apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from rundoctor.ppo import distribution, loss, optim
from rundoctor.ppo.batch import Batch, standardized
from rundoctor.ppo.config import AdvantageNormalization, Architecture, NormClip
from rundoctor.ppo.network import Outputs, backward, forward
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


def terms(outputs: Outputs, minibatch: Batch, settings: Settings) -> Terms:
    """The losses of a minibatch."""
    advantages = torch.where(
        settings.chose[AdvantageNormalization.MINIBATCH], standardized(minibatch.advantages), minibatch.advantages
    )
    log_prob = distribution.log_prob(outputs.head, outputs.log_std, minibatch.actions)
    ratios = loss.ratio(log_prob, minibatch.old_log_prob)
    surrogate = loss.clipped_surrogate(ratios, advantages, settings.clip_range)
    entropy = distribution.entropy(outputs.head, outputs.log_std)
    with torch.no_grad():
        kl = loss.approx_kl_k3(log_prob - minibatch.old_log_prob)
        clip_fraction = loss.clip_fraction(ratios, settings.clip_range)
    policy = surrogate - settings.ent_coef.squeeze(1) * entropy
    critic = settings.vf_coef.squeeze(1) * value_losses(outputs.values, minibatch, settings)
    return Terms(policy, critic, kl, entropy, clip_fraction)


def value_losses(values: Tensor, minibatch: Batch, settings: Settings) -> Tensor:
    """Each candidate's value loss in the form it chose. [C]."""
    old, targets, bound = minibatch.old_values, minibatch.targets, settings.value_bound
    result = values.new_zeros(values.shape[0])
    for form, rows in settings.value_forms:
        if rows is None:
            return loss.value_loss(form, values, old, targets, bound)
        part = loss.value_loss(form, values[rows], old[rows], targets[rows], bound[rows])
        result = result.index_add(0, rows, part)
    return result


def gradients(
    architecture: Architecture, theta: Tensor, minibatch: Batch, settings: Settings
) -> tuple[Terms, Gradients, Tensor]:
    """The terms at theta, their gradients within the norm bound, and the share of values without a gradient, [C]."""
    outputs = forward(architecture, theta, minibatch.observations)
    losses, by_outputs = _derivatives(outputs, minibatch, settings)
    policy, critic = backward(architecture, theta, outputs, *by_outputs)
    norms = (optim.norm(policy), optim.norm(critic))
    total = optim.norm(policy + critic) if architecture.shared_trunk else torch.hypot(*norms)
    factors = _factors(*norms, total, settings)
    policy.mul_(factors[0])
    critic.mul_(factors[1])
    clipped = policy.add_(critic) if architecture.shared_trunk else torch.cat((policy, critic), 1)
    after = (norms[0] * factors[0], norms[1] * factors[1])
    flat = (by_outputs[2] == 0).to(theta.dtype).mean((1, 2))
    return losses, Gradients(clipped, *norms, after[0] / (after[0] + after[1])), flat


@torch.enable_grad()
def _derivatives(outputs: Outputs, minibatch: Batch, settings: Settings) -> tuple[Terms, tuple[Tensor, Tensor, Tensor]]:
    """The terms, and their derivatives by the head [C, B, A], log_std [C, A or 0] and values [C, B, K]: autograd."""
    head, values = (x.detach().requires_grad_() for x in (outputs.head, outputs.values))
    log_std = None if outputs.log_std is None else outputs.log_std.detach().requires_grad_()
    losses = terms(replace(outputs, head=head, log_std=log_std, values=values), minibatch, settings)
    leaves = (head, values) if log_std is None else (head, values, log_std)
    by_head, by_values, *rest = torch.autograd.grad((losses.policy + losses.critic).sum(), leaves)
    return losses, (by_head, rest[0] if rest else head.new_zeros(len(head), 0), by_values)


def _factors(policy: Tensor, critic: Tensor, total: Tensor, settings: Settings) -> tuple[Tensor, Tensor]:
    """The clip's factors on the policy's and the critic's gradient, from their norms and the whole's. [C, 1]."""
    joint = optim.clip_factor(total, settings.max_grad_norm)
    separate = settings.chose[NormClip.SEPARATE]
    return (
        torch.where(separate, optim.clip_factor(policy, settings.max_grad_norm), joint),
        torch.where(separate, optim.clip_factor(critic, settings.max_grad_norm), joint),
    )
