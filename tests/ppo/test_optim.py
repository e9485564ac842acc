from __future__ import annotations

import pytest
import torch

from rundoctor.ppo import optim
from rundoctor.ppo.optim import Adam


def double(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_equals_torch_adam_for_each_candidate() -> None:
    theta, rates, epsilon = double(3, 40), torch.tensor([[1e-1], [1e-3], [3e-4]]).double(), torch.full((3, 1), 1e-5)
    alone = [row.clone().requires_grad_() for row in theta]
    theirs = [torch.optim.Adam([p], lr=float(r), eps=1e-5) for p, r in zip(alone, rates, strict=True)]
    adam, epsilon = Adam.start(theta), epsilon.double()
    for seed in range(50):
        gradient = double(3, 40, seed=seed) * 10.0 ** torch.arange(-4, 2, 2).unsqueeze(1)
        for p, one, row in zip(alone, theirs, gradient.clone(), strict=True):
            p.grad = row
            one.step()
        optim.step(
            theta,
            gradient,
            adam,
            [(slice(None), rates)],
            1e-5 * torch.ones_like(epsilon),
            torch.ones(3, 1, dtype=torch.bool),
        )
    torch.testing.assert_close(theta, torch.stack(alone).detach(), rtol=1e-12, atol=1e-12)


def test_a_masked_candidate_keeps_everything() -> None:
    theta = double(2, 5)
    adam, before = Adam.start(theta), theta.clone()
    gradient = torch.stack((torch.full((5,), 7.0), torch.ones(5))).double()
    active = torch.tensor([[False], [True]])
    optim.step(
        theta,
        gradient,
        adam,
        [(slice(None), torch.full((2, 1), 0.1).double())],
        torch.full((2, 1), 1e-5).double(),
        active,
    )
    assert torch.equal(theta[0], before[0])
    assert (theta[1] != before[1]).all()
    assert adam.steps.flatten().tolist() == [0, 1]
    assert not adam.first[0].any()
    assert not adam.second[0].any()


def test_norms_are_clipped_apart() -> None:
    gradient = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
    norms = optim.norm(gradient)
    clipped = gradient * optim.clip_factor(norms, torch.ones(2, 1))
    assert norms.flatten().tolist() == pytest.approx([5.0, 0.5])
    assert optim.norm(clipped).flatten().tolist() == pytest.approx([1.0, 0.5], rel=1e-6)


def test_equals_torch_clip() -> None:
    gradient, parameter = double(1, 30), torch.zeros(30, dtype=torch.float64, requires_grad=True)
    parameter.grad = gradient[0].clone()
    torch.nn.utils.clip_grad_norm_([parameter], 0.5)
    ours = gradient * optim.clip_factor(optim.norm(gradient), torch.full((1, 1), 0.5).double())
    torch.testing.assert_close(ours[0], parameter.grad, rtol=1e-14, atol=1e-14)


def test_shapes_are_checked() -> None:
    theta = double(2, 5)
    rates, active = torch.ones(2, 1).double(), torch.ones(2, 1, dtype=torch.bool)
    with pytest.raises(ValueError, match="shapes differ"):
        optim.step(theta, double(2, 4), Adam.start(theta), [(slice(None), rates)], rates, active)
