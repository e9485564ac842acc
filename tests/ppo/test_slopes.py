"""The derivatives that are written out, against autograd."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from rundoctor.ppo import distribution, loss, slopes
from rundoctor.ppo.config import ValueLoss
from tests.ppo.rollouts import seeded


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=torch.float64)


@pytest.mark.parametrize("form", list(ValueLoss))
def test_of_the_value_losses(form: ValueLoss) -> None:
    """Inside the clip and outside, on both sides of the target, and beyond the mirror point."""
    old, returns = drawn(2, 400, 3, seed=1), drawn(2, 400, 3, seed=2)
    values = (old + drawn(2, 400, 3, seed=3)).requires_grad_()
    bound = torch.tensor([[0.3], [0.9]], dtype=torch.float64)
    (wanted,) = torch.autograd.grad(loss.value_loss(form, values, old, returns, bound).sum(), values)
    found = slopes.value_loss(form, values.detach(), old, returns, bound)
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-15)


def test_of_the_clipped_surrogate() -> None:
    log_prob, advantages = (0.4 * drawn(2, 400)).requires_grad_(), drawn(2, 400, seed=1)
    epsilon = torch.tensor([[0.1], [0.3]], dtype=torch.float64)
    ratios = loss.ratio(log_prob, torch.zeros_like(log_prob))
    (wanted,) = torch.autograd.grad(loss.clipped_surrogate(ratios, advantages, epsilon).sum(), log_prob)
    assert 0 < (wanted == 0).double().mean() < 1
    found = slopes.clipped_surrogate(*loss.surrogates(ratios.detach(), advantages, epsilon))
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("discrete", [True, False])
def test_of_the_distributions(discrete: bool) -> None:
    head = drawn(2, 5, 3).requires_grad_()
    log_std = None if discrete else (0.3 * drawn(2, 3, seed=1)).requires_grad_()
    actions = distribution.sample(head.detach(), log_std, seeded(2))
    by_log_prob, by_entropy = drawn(2, 5, seed=3), drawn(2, 1, seed=4)
    policy = distribution.policy(head, log_std)
    total = (by_log_prob * policy.log_prob(actions)).sum() + (by_entropy.squeeze(1) * policy.entropy()).sum()
    leaves = (head,) if log_std is None else (head, log_std)
    with torch.no_grad():
        found = policy.slopes(actions, by_log_prob, by_entropy)
    for ours, wanted in zip(found, torch.autograd.grad(total, leaves), strict=False):
        torch.testing.assert_close(ours, wanted, rtol=1e-12, atol=1e-15)
    assert found[1].shape == (2, 0 if discrete else 3)


@pytest.mark.parametrize("form", list(ValueLoss))
def test_what_is_not_a_number_stays_none(form: ValueLoss) -> None:
    values = torch.tensor([[[torch.nan], [1.0]]])
    found = slopes.value_loss(form, values, torch.zeros(1, 2, 1), torch.full((1, 2, 1), 3.0), 0.5)
    assert found.isnan().flatten().tolist() == [True, False]
