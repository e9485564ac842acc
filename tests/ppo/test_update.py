from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from rundoctor.ppo.config import (
    Activation,
    AdvantageNormalization,
    Architecture,
    Config,
    KLStop,
    NormClip,
    Returns,
    Schedule,
    ValueLoss,
)
from rundoctor.ppo.reference import Candidate, reference_update
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update
from tests.ppo.rollouts import CONTINUOUS, DISCRETE, bank, only, rollout, rows, seeded

BASE = Config(n_epochs=3, batch_size=16, learning_rate=3e-3)
CONFIGS = [
    BASE,
    dataclasses.replace(BASE, value_loss=ValueLoss.CLIP_MAX, clip_range_vf=0.1, ent_coef=0.02),
    dataclasses.replace(BASE, value_loss=ValueLoss.CLIP_HARD, clip_range=0.05, max_grad_norm=5.0),
    dataclasses.replace(BASE, value_loss=ValueLoss.CLIP_RELATIVE, norm_clip=NormClip.SEPARATE),
    dataclasses.replace(BASE, value_loss=ValueLoss.CLIP_RELATIVE_LITERAL, gamma=0.9, gae_lambda=1.0),
    dataclasses.replace(BASE, value_loss=ValueLoss.HUBER, huber_delta=0.5, critic_learning_rate=1e-2),
    dataclasses.replace(BASE, value_loss=ValueLoss.CLAMP_SQUARED, value_loss_clamp=1.0, vf_coef=2.0),
    dataclasses.replace(BASE, kl_stop=KLStop.SB3, target_kl=0.01, learning_rate=1e-2),
    dataclasses.replace(BASE, kl_stop=KLStop.CLEANRL, target_kl=0.01, learning_rate=1e-2),
    dataclasses.replace(BASE, kl_stop=KLStop.SKRL, target_kl=0.02, learning_rate=1e-2),
    dataclasses.replace(BASE, n_epochs=1, lr_schedule=Schedule.LINEAR),
    dataclasses.replace(BASE, advantage_normalization=AdvantageNormalization.OFF, returns=Returns.RUNNING),
    dataclasses.replace(BASE, advantage_normalization=AdvantageNormalization.BATCH, returns=Returns.POPART),
    dataclasses.replace(BASE, advantage_normalization=AdvantageNormalization.PER_COMPONENT, returns=Returns.BATCH),
    dataclasses.replace(BASE, returns=Returns.BATCH, return_scale=10.0, adam_epsilon=1e-8),
    dataclasses.replace(BASE, returns=Returns.POPART, popart_rollouts=1.5, norm_clip=NormClip.SEPARATE),
]
SHAPES = {
    "discrete": DISCRETE,
    "continuous": CONTINUOUS,
    "components": dataclasses.replace(DISCRETE, components=3),
    "shared": dataclasses.replace(CONTINUOUS, components=2, shared_trunk=True, activation=Activation.RELU),
}
SAMPLES, ENVIRONMENTS, UPDATES = 36, 3, 3
every_shape = pytest.mark.parametrize("architecture", SHAPES.values(), ids=SHAPES)


def weighted(configs: Sequence[Config], architecture: Architecture) -> list[Config]:
    """Every other candidate with component weights of its own."""
    weights = tuple(1.0 - 0.4 * k for k in range(architecture.components))
    return [dataclasses.replace(one, component_weights=weights if c % 2 else None) for c, one in enumerate(configs)]


def trained(architecture: Architecture, configs: Sequence[Config], start: Bank, pick: int | None = None) -> Tensor:
    """The table after several updates on data that do not depend on how many candidates there are."""
    source = torch.stack(rows(architecture, len(CONFIGS)))
    settings = stacked(configs, architecture, torch.float64)
    for u in range(UPDATES):
        data = rollout(architecture, source, SAMPLES // ENVIRONMENTS, ENVIRONMENTS, scale=2.0, seed=u)
        order = orders(SAMPLES, 3, seeded(u))
        update(start, data if pick is None else only(data, pick), settings, order, remaining=1 - u / UPDATES)
    return start.theta


@every_shape
def test_together_is_each_alone(architecture: Architecture) -> None:
    configs = weighted(CONFIGS, architecture)
    together = trained(architecture, configs, bank(architecture, configs)[0])
    assert together.isfinite().all()
    for c, config in enumerate(configs):
        alone = Bank.start(architecture, [rows(architecture, len(configs))[c]], ENVIRONMENTS)
        row = trained(architecture, [config], alone, c)[0]
        torch.testing.assert_close(together[c], row, rtol=1e-10, atol=1e-10, msg=lambda m, c=c: f"{CONFIGS[c]}: {m}")


@every_shape
def test_each_is_the_reference(architecture: Architecture) -> None:
    configs = weighted(CONFIGS, architecture)
    together = trained(architecture, configs, bank(architecture, configs)[0])
    source = torch.stack(rows(architecture, len(configs)))
    for c, config in enumerate(configs):
        one = Candidate.start(architecture, config, source[c], ENVIRONMENTS)
        for u in range(UPDATES):
            data = rollout(architecture, source, SAMPLES // ENVIRONMENTS, ENVIRONMENTS, scale=2.0, seed=u)
            reference_update(one, only(data, c), orders(SAMPLES, 3, seeded(u)), 1 - u / UPDATES)
        torch.testing.assert_close(
            together[c], one.row(), rtol=1e-9, atol=1e-9, msg=lambda m, c=c: f"{CONFIGS[c]}: {m}"
        )


def test_orders_by_candidate() -> None:
    configs = [BASE] * 3
    own = torch.stack([orders(SAMPLES, 3, seeded(c)) for c in range(3)])
    together, settings = bank(DISCRETE, configs)
    data = rollout(DISCRETE, together.theta)
    update(together, data, settings, own)
    for c in range(3):
        alone = Bank.start(DISCRETE, [rows(DISCRETE, 3)[c]], ENVIRONMENTS)
        update(alone, only(data, c), stacked([BASE], DISCRETE, torch.float64), own[c])
        torch.testing.assert_close(together.theta[c], alone.theta[0], rtol=1e-12, atol=1e-12)


def test_a_candidate_that_diverges_harms_no_other() -> None:
    configs = [dataclasses.replace(BASE, learning_rate=1e30), BASE]
    together, settings = bank(DISCRETE, configs)
    alone = Bank.start(DISCRETE, [rows(DISCRETE, 2)[1]], ENVIRONMENTS)
    data = rollout(DISCRETE, together.theta)
    order = orders(SAMPLES, 3, seeded(0))
    update(together, data, settings, order)
    update(alone, only(data, 1), stacked([BASE], DISCRETE, torch.float64), order)
    torch.testing.assert_close(together.theta[1], alone.theta[0], rtol=1e-12, atol=1e-12)


@every_shape
@pytest.mark.parametrize("where", ["parameters", "rewards"])
def test_what_is_not_a_number_stays_with_its_candidate(architecture: Architecture, where: str) -> None:
    """Every kind of candidate beside a broken one, and broken itself."""
    configs = weighted(CONFIGS, architecture)
    sound, settings = bank(architecture, configs)
    data, order = rollout(architecture, sound.theta), orders(SAMPLES, 3, seeded(0))
    for odd in (0, 1):
        broken, _ = bank(architecture, configs)
        whole, _ = bank(architecture, configs)
        rewards = data.rewards.clone()
        if where == "parameters":
            broken.theta[odd::2] = torch.nan
        else:
            rewards[odd::2, 3, 1] = torch.nan
        told = update(broken, dataclasses.replace(data, rewards=rewards), settings, order)
        wanted = update(whole, data, settings, order)
        others = slice(1 - odd, None, 2)
        torch.testing.assert_close(broken.theta[others], whole.theta[others], rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(told.critic_bias[others], wanted.critic_bias[others], rtol=1e-12, atol=1e-12)
        stepped = told.steps[odd::2] > 0
        assert stepped.any()
        assert broken.theta[odd::2][stepped].isnan().any(1).all()


@pytest.mark.parametrize(
    ("rule", "steps", "epochs"),
    [(KLStop.OFF, 9, 3), (KLStop.SB3, 0, 1), (KLStop.CLEANRL, 3, 1), (KLStop.SKRL, 0, 3)],
)
def test_where_each_kl_rule_stops(rule: KLStop, steps: int, epochs: int) -> None:
    """Recorded log-probabilities are off by 0.3, so that every minibatch is beyond the target."""
    start, settings = bank(DISCRETE, [dataclasses.replace(BASE, kl_stop=rule, target_kl=1e-4)])
    data = rollout(DISCRETE, start.theta, drift=3.0)
    told = update(start, data, settings, orders(SAMPLES, 3, seeded(0)))
    assert told.steps.tolist() == [steps]
    assert told.kl.isfinite().sum() == epochs


def test_infinities_after_the_stop_reach_nothing() -> None:
    """The first step is so large that ratios overflow: the KL is infinite, the gradient is not a number."""
    config = dataclasses.replace(BASE, kl_stop=KLStop.SB3, target_kl=0.5, learning_rate=1e3)
    start, settings = bank(CONTINUOUS, [config])
    told = update(start, rollout(CONTINUOUS, start.theta, drift=0.0), settings, orders(SAMPLES, 3, seeded(0)))
    assert told.steps.tolist() == [1]
    assert told.kl.isinf().any()
    assert start.theta.isfinite().all()
    assert start.adam.first.isfinite().all()


def test_diagnostics_by_hand() -> None:
    configs = [BASE, dataclasses.replace(BASE, value_loss=ValueLoss.CLAMP_SQUARED, value_loss_clamp=1e-12)]
    start, settings = bank(DISCRETE, configs)
    data = rollout(DISCRETE, start.theta, scale=100.0)
    told = update(start, data, settings, orders(SAMPLES, 3, seeded(0)))
    assert told.value_clip_fraction.tolist() == [0.0, 1.0]
    assert told.critic_grad_norm[1] == 0
    assert told.policy_share[1] == 1
    assert 0 < told.policy_share[0] < 0.1
    assert (told.policy_grad_norm[0], told.critic_grad_norm[0]) > (0, 1)
    assert (told.critic_bias < -50).all()
    assert (told.critic_error >= told.critic_bias.abs()).all()
    assert (told.explained_variance < 0.2).all()
    assert told.kl.shape == (2, 3)
    assert (told.entropy < 1.0987).all()


def test_scaled_returns_are_judged_in_raw_units() -> None:
    start, settings = bank(DISCRETE, [dataclasses.replace(BASE, returns=Returns.RUNNING, reward_clip=1e9)])
    data = rollout(DISCRETE, start.theta, scale=1000.0)
    data = dataclasses.replace(data, values=0 * data.values, next_values=0 * data.values)
    raw_start, raw = bank(DISCRETE, [BASE])
    order = orders(SAMPLES, 3, seeded(0))
    scaled, plain = update(start, data, settings, order), update(raw_start, data, raw, order)
    assert scaled.critic_bias.item() == pytest.approx(plain.critic_bias.item(), rel=1e-9)
    assert scaled.critic_loss.item() < 1e-3 * plain.critic_loss.item()


def test_raw_rewards_times_a_constant_starve_the_policy() -> None:
    def share(scale: float, clip: NormClip) -> float:
        start, settings = bank(DISCRETE, [dataclasses.replace(BASE, norm_clip=clip)])
        told = update(start, rollout(DISCRETE, start.theta, scale=scale), settings, orders(SAMPLES, 3, seeded(0)))
        return float(told.policy_share)

    assert share(1000.0, NormClip.JOINT) < 0.001 < 0.1 < share(0.1, NormClip.JOINT)
    assert share(1000.0, NormClip.SEPARATE) > 0.2


@pytest.mark.parametrize("weights", [(), (0.5,), (1.0, 1.0)])
def test_every_component_needs_a_weight(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="need 3 component_weights"):
        stacked([dataclasses.replace(BASE, component_weights=weights)], SHAPES["components"])


def test_batch_sizes_must_agree() -> None:
    with pytest.raises(ValueError, match="one batch_size"):
        stacked([BASE, dataclasses.replace(BASE, batch_size=32)], DISCRETE)
