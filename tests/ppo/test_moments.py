from __future__ import annotations

import pytest
import torch

from rundoctor.ppo import moments


def test_merging_batches_is_seeing_all_at_once() -> None:
    generator = torch.Generator().manual_seed(0)
    samples = 5 + 3 * torch.randn(2, 300, 2, generator=generator, dtype=torch.float64)
    running = moments.start(samples[:, 0])
    for part in torch.split(samples, [1, 99, 200], 1):
        running = moments.merged(running, part)
    torch.testing.assert_close(running.mean, samples.mean(1), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(running.variance, samples.var(1, correction=0), rtol=1e-4, atol=1e-4)


def test_equals_stable_baselines3() -> None:
    module = pytest.importorskip("stable_baselines3.common.running_mean_std")
    theirs, ours = module.RunningMeanStd(shape=()), moments.start(torch.zeros(1, 1, dtype=torch.float64))
    for part in torch.split(torch.randn(1, 30, 1, dtype=torch.float64), 7, 1):
        theirs.update(part[0, :, 0].numpy())
        ours = moments.merged(ours, part)
    assert ours.mean.item() == pytest.approx(theirs.mean, rel=1e-12)
    assert ours.variance.item() == pytest.approx(theirs.var, rel=1e-12)


def test_a_bounded_count_forgets() -> None:
    running = moments.start(torch.zeros(1, 1))
    for level in [0.0] * 50 + [100.0] * 5:
        running = moments.merged(running, torch.full((1, 10, 1), level), longest=10.0)
    assert running.mean.item() == pytest.approx(100 * (1 - 0.5**5))


def test_discounted_sums_run_forward_and_end_with_the_episode() -> None:
    rewards = torch.ones(1, 4, 1)
    done = torch.tensor([False, True, False, False]).reshape(1, 4, 1)
    sums, carried = moments.discounted_sums(rewards, torch.full((1, 1), 8.0), done, torch.tensor([[0.5]]))
    assert sums.flatten().tolist() == [5.0, 3.5, 1.0, 1.5]
    assert carried.tolist() == [[1.5]]


def test_popart_preserves_outputs() -> None:
    generator = torch.Generator().manual_seed(0)
    weight, bias, x = (torch.randn(*shape, generator=generator).double() for shape in ((2, 3, 5), (2, 3), (2, 7, 5)))
    old = moments.start(bias)
    new = moments.merged(old, 300 + 40 * torch.randn(2, 50, 3, generator=generator).double())
    moved = moments.popart_rescaled(weight, bias, old, new)
    before = (x @ weight.mT + bias.unsqueeze(1)) * old.deviation.unsqueeze(1) + old.mean.unsqueeze(1)
    after = (x @ moved[0].mT + moved[1].unsqueeze(1)) * new.deviation.unsqueeze(1) + new.mean.unsqueeze(1)
    torch.testing.assert_close(before, after, rtol=1e-12, atol=1e-10)


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"\[C, M, K\]"):
        moments.merged(moments.start(torch.zeros(2, 1)), torch.zeros(2, 9))
