from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rundoctor.errors import RundoctorError, UnknownName
from rundoctor.replaying.arms.mechanism import FEWEST_SAMPLES, USUAL, WIDEST, Mechanism, mechanism
from rundoctor.replaying.arms.sizes import MOST_MINIBATCHES
from tests.builders import flat, learning, not_learning, ramp, run


def of(settings: dict[str, Any] | None = None, assumed: dict[str, Any] | None = None, **curves: Any) -> Mechanism:
    return mechanism(learning(settings, **curves), assumed or {})


def noted(found: Mechanism, words: str) -> bool:
    return any(words in note for note in found.assumptions)


def test_nothing_is_assumed_but_what_is_not_said() -> None:
    assert not noted(of(), "the config has no usable value: ")
    assert [note for note in of().assumptions if "the config has no usable value" in note] == [
        "max_grad_norm is 0.5: the config has no usable value"
    ]


def test_an_empty_run_is_the_usual_one() -> None:
    found = mechanism(run(), {})
    for name, value in USUAL.items():
        assert any(note.startswith(f"{name} is ") for note in found.assumptions), name
        assert name == "batch_size" or found.values[name] == value
    assert (found.return_size, found.ends, found.pays, found.discrete) == (1.0, None, 0, True)
    assert noted(found, "returns are about 1")
    assert noted(found, "length of episodes")
    assert noted(found, "actions are discrete")


def test_the_users_word_wins_over_config_and_log() -> None:
    found = of({"learning_rate": 1e-4}, {"learning_rate": 0.01, "shared_trunk": True}, learning_rate=flat(2e-4))
    assert (found.values["learning_rate"], found.values["shared_trunk"]) == (0.01, True)
    assert noted(found, "learning_rate is 0.01, as you said")
    assert found.unresolved == ()
    assert of().unresolved == ("shared_trunk",)


def test_the_log_wins_over_the_config() -> None:
    assert of({"learning_rate": 1e-4}, learning_rate=flat(2e-3)).values["learning_rate"] == 2e-3


def test_normalisation_that_the_log_contradicts_is_off() -> None:
    raw = {"value_loss": flat(1e5), "reward_mean": ramp(400, 4000), "episode_length": flat(400)}
    found = of({"normalize_returns": True, "n_steps": 2048, "n_envs": 1}, **raw)
    assert found.values["normalize_returns"] is False
    assert noted(found, "the log shows that they are not")
    assert of({"normalize_returns": True}).values["normalize_returns"] is True


def test_sizes_are_capped_and_said() -> None:
    large = {"rollout_steps": 64 * 500, "batch_size": 64, "hidden_dim": 1024}
    found = of(large)
    assert (found.minibatches, found.values["hidden_dim"]) == (MOST_MINIBATCHES, WIDEST)
    assert found.values["batch_size"] == found.batch_size
    assert found.minibatches * found.batch_size >= FEWEST_SAMPLES
    assert found.steps_per_update == 10 * MOST_MINIBATCHES
    for words in ("500 minibatches", "minibatches of 64 samples", "layers 1024 wide"):
        assert noted(found, words)


def test_a_minibatch_that_is_replayed_with_more_samples_is_less_noisy() -> None:
    assert noted(of({"rollout_steps": 64, "batch_size": 4}), "samples are replayed with 32: less noisy steps")


def test_one_minibatch_is_one() -> None:
    assert of({"rollout_steps": 64, "batch_size": 256}).minibatches == 1


def test_returns_have_no_size_where_the_critic_has_its_own_unit() -> None:
    assert of().return_size is None


def test_the_first_error_of_the_critic_stands_for_returns_without_rewards() -> None:
    blind = {"reward_mean": None, "episode_length": None}
    found = of({"normalize_returns": False}, value_loss=flat(400.0), **blind)
    assert found.return_size == pytest.approx(20.0, rel=0.5)
    assert noted(found, "critic's first error")


def test_returns_of_both_signs_have_the_size_of_the_whole_run_where_a_clamp_hides_the_error() -> None:
    """A critic of zero sees about 16 steps of pay: of 4 in one half of the run, of 12 in the other."""
    both = {"reward_mean": np.r_[flat(-4, 10), flat(12, 10)] * 200, "episode_length": flat(200)}
    found = of({"normalize_returns": False, "value_loss_clamp": 10.0}, loss=flat(5), **both)
    assert found.return_size == pytest.approx(16 * math.sqrt((4**2 + 12**2) / 2), rel=0.1)
    assert noted(found, "rewards of both signs")


@pytest.mark.parametrize(
    ("curves", "discrete"),
    [
        ({"entropy": flat(math.log(2))}, True),
        ({"entropy": flat(math.log(6))}, True),
        ({"entropy": flat(math.log(4))}, True),
        ({"entropy": flat(0.12)}, True),
        ({"entropy": flat(1.415)}, False),
        ({"entropy": flat(2 * 1.415)}, False),
        ({"entropy": flat(6 * 1.42)}, False),
        ({"entropy": flat(-0.6)}, False),
        ({"entropy": flat(math.log(2)), "action_std": flat(1.0)}, False),
    ],
)
def test_actions_are_told_by_the_first_entropy(curves: dict[str, np.ndarray], discrete: bool) -> None:
    assert of(None, **curves).discrete is discrete


def test_the_word_on_actions_wins() -> None:
    found = of(None, {"discrete": False}, entropy=flat(math.log(2)))
    assert not found.discrete
    assert noted(found, "continuous, as you said")


def test_episodes_that_grow_end_by_the_policy() -> None:
    assert of().ends is True
    assert mechanism(not_learning(episode_length=flat(200)), {}).ends is False


@pytest.mark.parametrize(
    ("rewards", "sign"),
    [
        (ramp(20, 400), 1),
        (ramp(1900, -400), 1),
        (ramp(-400, -20), -1),
        (ramp(-100, 300), 0),
        (ramp(300, -100)[::-1], 0),
        (np.r_[-50.0, flat(90)[1:]], 0),
    ],
)
def test_the_sign_of_the_pay(rewards: np.ndarray, sign: int) -> None:
    assert of(reward_mean=rewards, episode_length=flat(100)).pays == sign


@pytest.mark.parametrize("name", sorted(USUAL))
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "much", None, [1], {}, 10**400])
def test_a_hostile_word_is_one_line(name: str, value: Any) -> None:
    if name == "max_grad_norm" and value in (None, math.inf):
        return  # both say that there is no bound
    with pytest.raises(RundoctorError, match=name) as caught:
        of(None, {name: value})
    assert "\n" not in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("name", ["n_epochs", "batch_size", "rollout_steps", "hidden_dim", "max_grad_norm"])
@pytest.mark.parametrize("value", [0, -3])
def test_a_config_without_an_update_is_one_line(name: str, value: int) -> None:
    with pytest.raises(RundoctorError, match=name):
        of({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("gamma", 1.5), ("gae_lambda", -0.1), ("learning_rate", -1e-4), ("n_epochs", 10**9), ("clip_range", -0.2)],
)
def test_what_nobody_trains_with_is_one_line_that_says_what_could_be(name: str, value: float) -> None:
    with pytest.raises(RundoctorError, match=name) as caught:
        of({name: value})
    assert caught.value.hint.startswith("it has to be")


def test_a_bound_that_is_off_stays_off() -> None:
    found = mechanism(run({"max_grad_norm": None}), {})
    assert found.values["max_grad_norm"] is None
    assert not noted(found, "max_grad_norm")


def test_a_word_on_nothing_is_refused() -> None:
    with pytest.raises(UnknownName, match="learning-rate"):
        of(None, {"learning-rate": 1.0})
    with pytest.raises(RundoctorError, match="discrete"):
        of(None, {"discrete": "maybe"})
    with pytest.raises(RundoctorError, match="activation"):
        of(None, {"activation": "gelu"})


def test_a_schedule_that_is_replayed_as_a_constant_is_said() -> None:
    sick = learning({"learning_rate": 3e-4})
    setting = replace(sick.settings["learning_rate"], raw="'lin_3e-4'")
    scheduled = replace(sick, settings={**sick.settings, "learning_rate": setting})
    words = "learning_rate is 0.0003 throughout: the config's schedule 'lin_3e-4' is not followed"
    assert noted(mechanism(scheduled, {}), words)
    assert not noted(mechanism(sick, {}), "throughout")
    assert not noted(mechanism(scheduled, {"learning_rate": 1e-3}), "throughout")


def test_a_rate_that_moves_in_the_log_is_said() -> None:
    words = "throughout: that it went from 0.001 to 0.0001 is not followed"
    assert noted(of(learning_rate=ramp(1e-3, 1e-4)), words)
    assert not noted(of(learning_rate=ramp(1e-3, 9e-4)), "throughout")
