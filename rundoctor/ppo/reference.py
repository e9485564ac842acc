"""The same update for one candidate, in plain torch: leaf tensors, ``torch.optim.Adam``, ``clip_grad_norm_``, loops.

Slow and simple: the oracle of the tests. It shares with the fast path the configuration, the layout of the parameters
and the losses of ``loss.py`` (which have tests of their own); everything else is written out again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from rundoctor.ppo import loss, network
from rundoctor.ppo.advantage import gae_loop
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import (
    Activation,
    AdvantageNormalization,
    Architecture,
    Config,
    KLStop,
    NormClip,
    Returns,
    Schedule,
)
from rundoctor.ppo.settings import critic_rate, value_bound


@dataclass(slots=True)
class Candidate:
    """One candidate and what it carries."""

    architecture: Architecture
    config: Config
    parameters: dict[str, Tensor]
    adam: torch.optim.Adam
    seen: dict[str, list[float]]
    """Mean, variance and count of the reward sums ("sums"), the carried sums, and of each component's returns."""

    @classmethod
    def start(cls, architecture: Architecture, config: Config, row: Tensor, environments: int) -> Candidate:
        parts = network.unpacked(architecture, row.unsqueeze(0))
        parameters = {name: part[0].clone().requires_grad_() for name, part in parts.items()}
        critic = [p for name, p in parameters.items() if name.startswith("critic.")]
        policy = [p for name, p in parameters.items() if not name.startswith("critic.")]
        adam = torch.optim.Adam([{"params": policy}, {"params": critic}], lr=0.0, eps=config.adam_epsilon)
        fresh = {str(k): [0.0, 1.0, 1e-4] for k in range(architecture.components)}
        return cls(
            architecture, config, parameters, adam, {"sums": [0.0, 1.0, 1e-4], "carried": [0.0] * environments} | fresh
        )

    def row(self) -> Tensor:
        return torch.cat([p.detach().reshape(-1) for p in self.parameters.values()])


def reference_update(one: Candidate, rollout: Rollout, order: Tensor, remaining: float = 1.0) -> None:
    """``update.update`` for one candidate; the rollout's C is 1, ``order`` is [epochs, M]."""
    config = one.config
    factor = remaining if config.lr_schedule is Schedule.LINEAR else 1.0
    one.adam.param_groups[0]["lr"] = config.learning_rate * factor
    one.adam.param_groups[1]["lr"] = critic_rate(config) * factor
    advantages, targets, old_values = _prepared(one, rollout)
    observations, actions = rollout.observations[0].flatten(0, 1), rollout.actions[0].flatten(0, 1)
    old_log_prob = rollout.log_prob[0].flatten()
    for epoch in range(config.n_epochs):
        kl = math.nan
        for rows in torch.split(order[epoch], config.batch_size):
            log_prob, entropy, values = _evaluated(one, observations[rows], actions[rows])
            advantage = advantages[rows]
            if config.advantage_normalization is AdvantageNormalization.MINIBATCH:
                advantage = _standardized(advantage)
            ratio = (log_prob - old_log_prob[rows]).exp()
            clipped = ratio.clamp(1 - config.clip_range, 1 + config.clip_range)
            policy = -torch.min(ratio * advantage, clipped * advantage).mean() - config.ent_coef * entropy.mean()
            form = loss.VALUE_LOSSES[config.value_loss]
            errors = form(values, old_values[rows], targets[rows], value_bound(config))
            critic = config.vf_coef * errors.mean(0).sum()
            kl = (ratio - 1 - ratio.log()).mean().item()
            if config.kl_stop is KLStop.SB3 and kl > 1.5 * config.target_kl:
                return
            if config.kl_stop is KLStop.SKRL and kl > config.target_kl:
                break
            _stepped(one, policy, critic)
        if config.kl_stop is KLStop.CLEANRL and kl > config.target_kl:
            return


def _evaluated(one: Candidate, observations: Tensor, actions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Log-probabilities [B], entropy [B], values [B, K]."""
    p, shared = one.parameters, one.architecture.shared_trunk
    features = {}
    for trunk in ("shared",) if shared else ("policy", "critic"):
        x = observations
        for i in range(len(one.architecture.hidden)):
            x = x @ p[f"{trunk}.{i}.weight"].T + p[f"{trunk}.{i}.bias"]
            x = torch.tanh(x) if one.architecture.activation is Activation.TANH else torch.relu(x)
        features[trunk] = x
    head = features["shared" if shared else "policy"] @ p["policy.head.weight"].T + p["policy.head.bias"]
    values = features["shared" if shared else "critic"] @ p["critic.head.weight"].T + p["critic.head.bias"]
    if one.architecture.discrete:
        policy: Any = torch.distributions.Categorical(logits=head)
    else:
        normal = torch.distributions.Normal(head, p["policy.log_std"].exp().expand_as(head))
        policy = torch.distributions.Independent(normal, 1)
    return policy.log_prob(actions), policy.entropy(), values


def _stepped(one: Candidate, policy: Tensor, critic: Tensor) -> None:
    """Backward, clip, Adam."""
    parameters = list(one.parameters.values())
    if one.config.norm_clip is NormClip.JOINT:
        one.adam.zero_grad()
        torch.autograd.backward(policy + critic)
        clip_grad_norm_(parameters, one.config.max_grad_norm)
    else:
        total = [torch.zeros_like(p) for p in parameters]
        for part in (policy, critic):
            one.adam.zero_grad()
            torch.autograd.backward(part, retain_graph=True)
            clip_grad_norm_(parameters, one.config.max_grad_norm)
            total = [t if p.grad is None else t + p.grad for t, p in zip(total, parameters, strict=True)]
        for p, gradient in zip(parameters, total, strict=True):
            p.grad = gradient
    one.adam.step()


def _prepared(one: Candidate, rollout: Rollout) -> tuple[Tensor, Tensor, Tensor]:
    """Advantages [M], targets [M, K], old values [M, K]."""
    config = one.config
    rollout = _scaled(one, rollout) if config.returns is Returns.RUNNING else rollout
    if config.returns is Returns.POPART:
        mean, deviation = _popart(one)
        rollout = replace(
            rollout, values=rollout.values * deviation + mean, next_values=rollout.next_values * deviation + mean
        )
    ends = (rollout.terminated, rollout.truncated)
    parts = gae_loop(rollout.rewards, rollout.values, rollout.next_values, *ends, config.gamma, config.gae_lambda)
    parts, old_values = parts[0].flatten(0, 1), rollout.values[0].flatten(0, 1)
    targets = parts + old_values
    if config.returns is Returns.BATCH:
        columns = [config.return_scale * _standardized(column) for column in targets.unbind(1)]
        targets = torch.stack(columns, 1)
    if config.returns is Returns.POPART:
        targets, old_values = _renormalized(one, targets, old_values)
    if config.advantage_normalization is AdvantageNormalization.PER_COMPONENT:
        parts = torch.stack([_standardized(column) for column in parts.unbind(1)], 1)
    weights = config.component_weights or (1.0,) * parts.shape[1]
    advantages = sum((w * part for w, part in zip(weights, parts.unbind(1), strict=True)), torch.zeros(()))
    if config.advantage_normalization is AdvantageNormalization.BATCH:
        advantages = _standardized(advantages)
    return advantages, targets, old_values


def _scaled(one: Candidate, rollout: Rollout) -> Rollout:
    """Rewards over the deviation of the discounted reward sum, seen step by step."""
    weights = rollout.rewards.new_tensor(one.config.component_weights or (1.0,) * rollout.rewards.shape[-1])
    sums = []
    for t in range(rollout.rewards.shape[1]):
        for n in range(rollout.rewards.shape[2]):
            total = float((rollout.rewards[0, t, n] * weights).sum())
            one.seen["carried"][n] = one.config.gamma * one.seen["carried"][n] + total
            sums.append(one.seen["carried"][n])
            if rollout.terminated[0, t, n] or rollout.truncated[0, t, n]:
                one.seen["carried"][n] = 0.0
    _see(one.seen["sums"], torch.tensor(sums, dtype=torch.float64), math.inf)
    deviation = math.sqrt(one.seen["sums"][1] + 1e-8)
    return replace(
        rollout, rewards=(rollout.rewards / deviation).clamp(-one.config.reward_clip, one.config.reward_clip)
    )


def _renormalized(one: Candidate, returns: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """PopArt: new moments, the head moved against them, returns and values in the new unit."""
    weight, bias = one.parameters["critic.head.weight"], one.parameters["critic.head.bias"]
    mean, deviation = _popart(one)
    for k, column in enumerate(returns.unbind(1)):
        _see(one.seen[str(k)], column, one.config.popart_rollouts * len(column))
    new_mean, new_deviation = _popart(one)
    with torch.no_grad():
        weight.copy_(weight * (deviation / new_deviation).unsqueeze(1))
        bias.copy_((bias * deviation + mean - new_mean) / new_deviation)
    return (returns - new_mean) / new_deviation, (values - new_mean) / new_deviation


def _popart(one: Candidate) -> tuple[Tensor, Tensor]:
    rows = [one.seen[str(k)] for k in range(one.architecture.components)]
    like = one.parameters["critic.head.bias"]
    return like.new_tensor([r[0] for r in rows]), like.new_tensor([math.sqrt(r[1] + 1e-8) for r in rows])


def _see(seen: list[float], samples: Tensor, longest: float) -> None:
    """Mean, variance, count with the samples added, as if the past were ``count`` samples of its own."""
    mean, variance, count = seen[0], seen[1], min(seen[2], longest)
    n = len(samples)
    new = (mean * count + float(samples.sum())) / (count + n)
    squares = count * (variance + (mean - new) ** 2) + float((samples - new).square().sum())
    seen[:] = [new, squares / (count + n), count + n]


def _standardized(x: Tensor) -> Tensor:
    return (x - x.mean()) / (x.std() + 1e-8) if len(x) > 1 else x
