from __future__ import annotations

import math
from typing import Any

import pytest

from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.ppo.config import AdvantageNormalization, Config, KLStop, Returns, ValueLoss
from rundoctor.replaying.arms.translation import EXPRESSIBLE, PLAIN, NotExpressible, recipe, require_expressible


def config(form: str = "max", **values: Any) -> Config:
    return recipe(values, form).config


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_value_keeps_its_name(name: str) -> None:
    assert getattr(config(**{name: 7}), name) == 7


@pytest.mark.parametrize("name", sorted(EXPRESSIBLE - {"max_grad_norm"}))
def test_what_is_unset_is_the_default(name: str) -> None:
    assert config(**{name: None}) == Config()
    assert recipe({name: None}).reward_scale == 1.0
    assert not recipe({name: None}).shared_trunk


def test_no_bound_on_the_gradient_is_no_bound() -> None:
    assert config(max_grad_norm=None).max_grad_norm == math.inf


def test_every_expressible_name_is_canonical() -> None:
    assert set(HYPERPARAMETERS) >= EXPRESSIBLE


@pytest.mark.parametrize(
    ("values", "form", "loss"),
    [
        ({"clip_range_vf": 0.3}, "max", ValueLoss.CLIP_MAX),
        ({"clip_range_vf": 0.3}, "hard", ValueLoss.CLIP_HARD),
        ({"clip_range_vf": 0.3, "value_clip": True}, "max", ValueLoss.CLIP_MAX),
        ({"clip_range_vf": 0.3, "value_clip_relative": True}, "hard", ValueLoss.CLIP_RELATIVE),
    ],
)
def test_a_value_clip_has_the_trainers_form(values: dict[str, Any], form: str, loss: ValueLoss) -> None:
    found = config(form, **values)
    assert (found.value_loss, found.clip_range_vf) == (loss, 0.3)


@pytest.mark.parametrize(
    "values",
    [{}, {"clip_range_vf": 0.0}, {"clip_range_vf": -1.0}, {"clip_range_vf": 0.3, "value_clip": False}],
)
def test_a_clip_without_width_or_switched_off_is_none(values: dict[str, Any]) -> None:
    assert config(**values).value_loss is ValueLoss.MSE


def test_a_clamp_stands_before_huber_and_huber_before_the_clip() -> None:
    clip = {"clip_range_vf": 0.3}
    huber = config(**clip, huber_delta=2.0)
    assert (huber.value_loss, huber.huber_delta) == (ValueLoss.HUBER, 2.0)
    clamp = config(**clip, huber_delta=2.0, value_loss_clamp=5.0)
    assert (clamp.value_loss, clamp.value_loss_clamp) == (ValueLoss.CLAMP_SQUARED, 5.0)


def test_the_kl_stops_where_it_has_a_target() -> None:
    assert (config(target_kl=0.02).kl_stop, config(target_kl=0.02).target_kl) == (KLStop.SB3, 0.02)
    assert (config(target_kl=0.0).kl_stop, config(target_kl=0.0).target_kl) == (KLStop.OFF, math.inf)


@pytest.mark.parametrize(
    ("values", "normalization"),
    [
        ({"normalize_advantage": True}, AdvantageNormalization.MINIBATCH),
        ({"normalize_advantage": False}, AdvantageNormalization.OFF),
        ({"normalize_advantage": False, "advantages_per_component": True}, AdvantageNormalization.PER_COMPONENT),
    ],
)
def test_advantages(values: dict[str, Any], normalization: AdvantageNormalization) -> None:
    assert config(**values).advantage_normalization is normalization


def test_returns() -> None:
    assert config(normalize_returns=True, normalize_returns_per_batch=True).returns is Returns.RUNNING
    assert config(normalize_returns=False, normalize_returns_per_batch=True).returns is Returns.BATCH
    assert config(normalize_returns=False).returns is Returns.RAW
    assert config(reward_clip=3.0).reward_clip == 3.0


def test_what_is_no_config_stands_beside_it() -> None:
    found = recipe({"shared_trunk": True, "reward_scale": 0.0})
    assert (found.shared_trunk, found.reward_scale) == (True, 0.0)


def test_names_the_core_does_not_have_are_refused() -> None:
    require_expressible(dict.fromkeys(EXPRESSIBLE))
    with pytest.raises(NotExpressible, match="dropout"):
        require_expressible({"gamma": 0.9, "dropout": 0.1})


@pytest.mark.parametrize("values", [{"n_epochs": 0}, {"batch_size": 0}, {"max_grad_norm": 0.0}])
def test_values_without_an_update_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        recipe(values)
