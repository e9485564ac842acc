"""The hyper-parameters of C candidates as tensors that broadcast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor

from rundoctor.ppo.config import (
    AdvantageNormalization,
    Architecture,
    Config,
    KLStop,
    NormClip,
    Returns,
    Schedule,
    ValueLoss,
)

CHOICES: dict[type[Enum], Callable[[Config], Enum]] = {
    AdvantageNormalization: lambda config: config.advantage_normalization,
    KLStop: lambda config: config.kl_stop,
    NormClip: lambda config: config.norm_clip,
    Returns: lambda config: config.returns,
    Schedule: lambda config: config.lr_schedule,
    ValueLoss: lambda config: config.value_loss,
}
"""What a candidate chooses, and how to read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hyper-parameters of a bank; tensors are [C, 1] unless said otherwise, meanings and units as in ``Config``."""

    batch_size: int
    n_epochs: int
    """The most that any candidate has."""
    epochs: Tensor
    learning_rate: Tensor
    critic_learning_rate: Tensor
    gamma: Tensor
    gae_lambda: Tensor
    clip_range: Tensor
    value_bound: Tensor
    """The one number of the candidate's value loss."""
    vf_coef: Tensor
    ent_coef: Tensor
    max_grad_norm: Tensor
    target_kl: Tensor
    return_scale: Tensor
    reward_clip: Tensor
    popart_rollouts: Tensor
    adam_epsilon: Tensor
    component_weights: Tensor
    """[C, K]."""
    chose: dict[Enum, Tensor]
    """Who chose what, bool."""
    anyone_stops: bool
    """Whether a candidate can stop before the others."""
    anyone_scales: bool
    """Whether a candidate's rewards are scaled."""
    value_forms: tuple[tuple[ValueLoss, slice | Tensor], ...]
    """Each value loss in use, and the rows of the candidates that use it; a slice where they stand in a row."""

    def rates(self, remaining: float) -> tuple[Tensor, Tensor]:
        """The learning rates of policy and critic; ``remaining``: share of training still to come."""
        factor = 1 - (1 - remaining) * self.chose[Schedule.LINEAR].to(self.gamma.dtype)
        return self.learning_rate * factor, self.critic_learning_rate * factor


def stacked(
    configs: Sequence[Config],
    architecture: Architecture,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Settings:
    """The candidates' configurations side by side; batch sizes must agree."""
    if len({config.batch_size for config in configs}) != 1:
        raise ValueError("the candidates of a bank need one batch_size")

    def number(read: Callable[[Config], float]) -> Tensor:
        return torch.tensor([[read(config)] for config in configs], dtype=dtype, device=device)

    return Settings(
        batch_size=configs[0].batch_size,
        n_epochs=max(config.n_epochs for config in configs),
        epochs=number(lambda c: c.n_epochs),
        learning_rate=number(lambda c: c.learning_rate),
        critic_learning_rate=number(critic_rate),
        gamma=number(lambda c: c.gamma),
        gae_lambda=number(lambda c: c.gae_lambda),
        clip_range=number(lambda c: c.clip_range),
        value_bound=number(value_bound),
        vf_coef=number(lambda c: c.vf_coef),
        ent_coef=number(lambda c: c.ent_coef),
        max_grad_norm=number(lambda c: c.max_grad_norm),
        target_kl=number(lambda c: c.target_kl),
        return_scale=number(lambda c: c.return_scale),
        reward_clip=number(lambda c: c.reward_clip),
        popart_rollouts=number(lambda c: c.popart_rollouts),
        adam_epsilon=number(lambda c: c.adam_epsilon),
        component_weights=torch.tensor(_weights(configs, architecture.components), dtype=dtype, device=device),
        chose=_masks(configs, device),
        anyone_stops={(config.n_epochs, config.kl_stop) for config in configs} != {(configs[0].n_epochs, KLStop.OFF)},
        anyone_scales=any(config.returns is Returns.RUNNING for config in configs),
        value_forms=_forms(configs, device),
    )


def _weights(configs: Sequence[Config], components: int) -> list[tuple[float, ...]]:
    """Weights of the components, one row a candidate."""
    weights = [
        (1.0,) * components if config.component_weights is None else config.component_weights for config in configs
    ]
    if any(len(row) != components for row in weights):
        raise ValueError(f"need {components} component_weights, one a reward component")
    return weights


def critic_rate(config: Config) -> float:
    """The learning rate of the critic's own layers."""
    return config.learning_rate if config.critic_learning_rate is None else config.critic_learning_rate


def value_bound(config: Config) -> float:
    """The one number of a candidate's value loss, in the unit that its form has; 0 where it has none."""
    match config.value_loss:
        case ValueLoss.MSE:
            return 0.0
        case ValueLoss.HUBER:
            return config.huber_delta
        case ValueLoss.CLAMP_SQUARED:
            return config.value_loss_clamp
        case _:
            return config.clip_range_vf


def _masks(configs: Sequence[Config], device: torch.device | str) -> dict[Enum, Tensor]:
    return {
        choice: torch.tensor([[read(config) is choice] for config in configs], device=device)
        for kind, read in CHOICES.items()
        for choice in kind
    }


def _forms(configs: Sequence[Config], device: torch.device | str) -> tuple[tuple[ValueLoss, slice | Tensor], ...]:
    forms = dict.fromkeys(config.value_loss for config in configs)
    rows = {form: [c for c, config in enumerate(configs) if config.value_loss is form] for form in forms}
    return tuple((form, _rows(places, device)) for form, places in rows.items())


def _rows(places: list[int], device: torch.device | str) -> slice | Tensor:
    first, last = places[0], places[-1] + 1
    return slice(first, last) if len(places) == last - first else torch.tensor(places, device=device)
