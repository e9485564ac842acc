from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from rundoctor.ppo import distribution, loss
from rundoctor.ppo.config import ValueLoss

FINITE = st.floats(-100, 100).map(lambda x: round(x, 3))
CLIPS = [ValueLoss.CLIP_MAX, ValueLoss.CLIP_HARD, ValueLoss.CLIP_RELATIVE, ValueLoss.CLIP_RELATIVE_LITERAL]


def one(number: float) -> Tensor:
    return torch.tensor([[[number]]], dtype=torch.float64)


def slope(form: ValueLoss, value: float, old: float, target: float, bound: float) -> float:
    """Derivative of a form's loss by the value."""
    v = one(value).requires_grad_()
    (gradient,) = torch.autograd.grad(loss.value_loss(form, v, one(old), one(target), bound).sum(), v)
    return float(gradient)


def worth(form: ValueLoss, value: float, old: float, target: float, bound: float) -> float:
    return float(loss.value_loss(form, one(value), one(old), one(target), bound))


def test_surrogate_by_hand() -> None:
    ratios, advantages = torch.tensor([[1.5, 0.5, 1.5, 0.5]]), torch.tensor([[1.0, 1.0, -1.0, -1.0]])
    found = loss.clipped_surrogate(ratios, advantages, 0.2)
    assert found.tolist() == pytest.approx([-(1.2 + 0.5 - 1.5 - 0.8) / 4])


def test_surrogate_is_a_lower_bound_and_flat_where_it_gained() -> None:
    ratios = torch.tensor([[1.5, 0.5]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss.clipped_surrogate(ratios, torch.tensor([[1.0, -1.0]]), 0.2).sum(), ratios)
    assert gradient.tolist() == [[0.0, 0.0]]


def test_each_candidate_has_its_own_epsilon() -> None:
    ratios, advantages = torch.full((2, 3), 1.5), torch.ones(2, 3)
    found = loss.clipped_surrogate(ratios, advantages, torch.tensor([[0.1], [0.4]]))
    assert found.tolist() == pytest.approx([-1.1, -1.4])
    assert loss.clip_fraction(ratios, torch.tensor([[0.4], [0.6]])).tolist() == [1.0, 0.0]


def test_kl_by_hand() -> None:
    log_ratios = torch.tensor([[0.0, math.log(2)]])
    assert loss.approx_kl_k1(log_ratios).item() == pytest.approx(-math.log(2) / 2)
    assert loss.approx_kl_k3(log_ratios).item() == pytest.approx((1 - math.log(2)) / 2)


def test_explained_variance() -> None:
    returns = torch.tensor([[[1.0], [2.0], [3.0]]])
    assert loss.explained_variance(returns, returns).item() == 1.0
    assert loss.explained_variance(returns + 5, returns).item() == pytest.approx(1.0)
    assert loss.explained_variance(torch.zeros_like(returns), returns).item() == 0.0
    assert loss.explained_variance(returns, torch.ones_like(returns)).isnan().all()


def test_huber_by_hand() -> None:
    assert worth(ValueLoss.HUBER, 3, 0, 0, 10) == 9
    assert worth(ValueLoss.HUBER, 30, 0, 0, 10) == 10 * (60 - 10)
    assert slope(ValueLoss.HUBER, 30, 0, 0, 10) == 20


@given(FINITE, FINITE, FINITE)
def test_an_infinite_bound_is_the_plain_squared_error(value: float, old: float, target: float) -> None:
    plain = worth(ValueLoss.MSE, value, old, target, 0.0)
    bounded = [form for form in ValueLoss if form not in (ValueLoss.MSE, ValueLoss.CLIP_RELATIVE_LITERAL)]
    for form in bounded:
        if form is not ValueLoss.CLIP_RELATIVE or old != 0:
            assert worth(form, value, old, target, math.inf) == pytest.approx(plain, rel=1e-9, abs=1e-9)


@given(FINITE, FINITE, FINITE, st.floats(0.01, 10), st.sampled_from([0.001, 0.5, 10.0, 1000.0]))
def test_loss_goes_with_the_square_of_the_unit(value: float, old: float, target: float, eps: float, c: float) -> None:
    powers = {ValueLoss.CLAMP_SQUARED: 2, ValueLoss.CLIP_RELATIVE: 0}
    for form in set(ValueLoss) - {ValueLoss.CLIP_RELATIVE_LITERAL}:  # whose 1e-8 has a unit
        power = powers.get(form, 1)
        scaled = worth(form, c * value, c * old, c * target, c**power * eps)
        assert scaled == pytest.approx(c * c * worth(form, value, old, target, eps), rel=1e-6, abs=1e-9 * c * c)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(
    ("moved", "flat_max", "flat_hard"),
    [
        (0.1, False, False),  # within epsilon
        (0.3, True, True),  # past epsilon towards the target
        (5.0, True, True),  # at the target
        (9.7, True, True),  # beyond it, before the mirror point 2 R - old - epsilon = 9.8
        (9.9, False, True),  # beyond the mirror point: pulled back
        (-0.1, False, False),
        (-0.3, False, True),  # away from the target: pulled back, but not by the hard form
    ],
)
def test_where_the_absolute_clip_has_no_gradient(side: float, moved: float, flat_max: bool, flat_hard: bool) -> None:
    old, target, epsilon = 100.0, 100.0 + 5 * side, 0.2
    value = old + side * moved
    found = slope(ValueLoss.CLIP_MAX, value, old, target, epsilon)
    hard = slope(ValueLoss.CLIP_HARD, value, old, target, epsilon)
    free = pytest.approx(2 * (value - target))
    assert found == (0.0 if flat_max else free)
    assert hard == (0.0 if flat_hard else free)


@pytest.mark.parametrize("moved", [-3.0, -0.5, 0.1, 0.3, 2.0])
def test_the_clip_never_binds_on_a_target_within_epsilon(moved: float) -> None:
    assert slope(ValueLoss.CLIP_MAX, moved, 0.0, 0.15, 0.2) == pytest.approx(2 * (moved - 0.15))


@pytest.mark.parametrize("old", [1000.0, -1000.0])
def test_relative_clip_by_sign(old: float) -> None:
    target, inside, past = old + 500, old + 100, old + 300
    assert slope(ValueLoss.CLIP_RELATIVE, inside, old, target, 0.2) == pytest.approx(2 * (inside - target))
    assert slope(ValueLoss.CLIP_RELATIVE, past, old, target, 0.2) == 0.0
    away = old - 300
    assert slope(ValueLoss.CLIP_RELATIVE, away, old, target, 0.2) == pytest.approx(2 * (away - target))


def test_the_literal_relative_clip_pushes_negative_values_the_wrong_way() -> None:
    case = (-900.0, -1000.0, -500.0, 0.2)
    assert slope(ValueLoss.CLIP_RELATIVE, *case) == pytest.approx(-800)
    assert worth(ValueLoss.CLIP_RELATIVE, *case) == pytest.approx(160_000)
    assert slope(ValueLoss.CLIP_RELATIVE_LITERAL, *case) == pytest.approx(1200)
    assert worth(ValueLoss.CLIP_RELATIVE_LITERAL, *case) == pytest.approx(360_000)


def test_relative_clip_is_stuck_at_zero() -> None:
    assert slope(ValueLoss.CLIP_RELATIVE, 0.01, 0.0, 1000.0, 0.2) == 0.0


@pytest.mark.parametrize("error", [-200.0, -100.1, -99.9, 0.5, 99.9, 100.1])
def test_clamp_has_no_gradient_beyond_its_root(error: float) -> None:
    found = slope(ValueLoss.CLAMP_SQUARED, 7 + error, 0.0, 7.0, 10_000.0)
    assert found == (pytest.approx(2 * error) if abs(error) < 100 else 0.0)


@pytest.mark.parametrize("form", list(ValueLoss))
def test_gradcheck_of_the_value_losses(form: ValueLoss) -> None:
    generator = torch.Generator().manual_seed(3)
    old, target = (torch.randn(2, 5, 2, generator=generator, dtype=torch.float64) for _ in range(2))
    value = (old + torch.randn(2, 5, 2, generator=generator, dtype=torch.float64)).requires_grad_()
    bound = torch.tensor([[0.3], [0.9]], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda v: loss.value_loss(form, v, old, target, bound), (value,))


@pytest.mark.parametrize("discrete", [True, False])
def test_gradcheck_of_the_policy_terms(discrete: bool) -> None:
    generator = torch.Generator().manual_seed(3)
    head = torch.randn(2, 6, 3, generator=generator, dtype=torch.float64).requires_grad_()
    log_std = None if discrete else torch.zeros(2, 3, dtype=torch.float64).requires_grad_()
    actions = distribution.sample(head.detach(), log_std, generator)
    old = distribution.log_prob(head, log_std, actions).detach() + 0.05
    advantages = torch.randn(2, 6, generator=generator, dtype=torch.float64)

    def objective(*parts: Tensor) -> Tensor:
        deviation = parts[1] if len(parts) > 1 else None
        ratios = loss.ratio(distribution.log_prob(parts[0], deviation, actions), old)
        return loss.clipped_surrogate(ratios, advantages, 0.2) - 0.1 * distribution.entropy(parts[0], deviation)

    assert torch.autograd.gradcheck(objective, (head,) if log_std is None else (head, log_std))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_distributions_equal_torch(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    head = torch.randn(2, 5, 3, generator=generator, dtype=torch.float64)
    log_std = torch.randn(2, 3, generator=generator, dtype=torch.float64)
    index, real = (distribution.sample(head, deviation, generator) for deviation in (None, log_std))
    categorical = torch.distributions.Categorical(logits=head)
    normal = torch.distributions.Normal(head, log_std.exp().unsqueeze(1).expand_as(head))
    torch.testing.assert_close(distribution.log_prob(head, None, index), categorical.log_prob(index))
    torch.testing.assert_close(distribution.entropy(head, None), categorical.entropy().mean(1))
    torch.testing.assert_close(distribution.log_prob(head, log_std, real), normal.log_prob(real).sum(-1))
    torch.testing.assert_close(distribution.entropy(head, log_std), normal.entropy().sum(-1).mean(1))


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"\[C, B, K\]"):
        loss.value_loss(ValueLoss.MSE, one(0)[0], one(0), one(0), 0.0)
    with pytest.raises(ValueError, match=r"\[C, B\]"):
        loss.ratio(torch.zeros(2, 3), torch.zeros(3))
    with pytest.raises(ValueError, match=r"\[C, B\]"):
        loss.clipped_surrogate(torch.zeros(2, 3), torch.zeros(1, 3), 0.2)


@pytest.mark.parametrize(
    ("head", "log_std", "actions"),
    [
        (torch.zeros(1, 5, 1), torch.zeros(1, 1), torch.zeros(1, 5)),  # would be [1, 5, 5], summed
        (torch.zeros(2, 5, 3), None, torch.zeros(1, 5, dtype=torch.int64)),  # would be the first candidate alone
    ],
)
def test_actions_are_checked(head: Tensor, log_std: Tensor | None, actions: Tensor) -> None:
    with pytest.raises(ValueError, match="need actions"):
        distribution.log_prob(head, log_std, actions)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_sampling_from_a_diverged_candidate_ends_no_other(bad: float) -> None:
    head = torch.zeros(2, 50, 3)
    sound = distribution.sample(head, None, torch.Generator().manual_seed(0))
    head[0] = bad
    actions = distribution.sample(head, None, torch.Generator().manual_seed(0))
    assert torch.equal(actions[1], sound[1])
    assert set(actions[0].tolist()) == {0, 1, 2}
