from __future__ import annotations

from typing import Any

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, ramp, run

RULE = "critic-stalled"
RAW = {"normalize_returns": None}


def test_finds_an_error_of_the_size_of_the_returns() -> None:
    found = check_finds(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=flat(0.0)))
    assert found.evidence[0].observed > 0.5
    assert "explained variance 0" in found.message
    assert "times the size of the returns" in found.message


def test_finds_it_without_an_explained_variance() -> None:
    check_finds(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=None))


def test_silent_when_large_errors_are_the_noise_of_explained_returns() -> None:
    check_clear(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=flat(0.5)))


def test_silent_when_the_error_has_fallen() -> None:
    check_clear(RULE, learning(RAW, value_loss=geometric(900.0, 2.0), explained_variance=flat(0.0)))


def test_silent_when_returns_are_constant_at_a_solved_task() -> None:
    """H6: nothing is left to explain, and the error is small."""
    solved = learning(
        RAW, reward_mean=flat(500), episode_length=flat(500), value_loss=flat(0.5), explained_variance=flat(0.0)
    )
    check_clear(RULE, solved)


def test_silent_when_only_the_first_updates_explain_nothing() -> None:
    """H4: a cold critic."""
    check_clear(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=ramp(-1.0, 0.9)))


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, learning(value_loss=None))


def test_skipped_when_only_the_best_reward_is_known() -> None:
    best = run(reward_best=ramp(20, 400), episode_length=ramp(20, 400), value_loss=flat(900.0))
    assert "best reward" in check_skipped(RULE, best).reason


def biased(value_mean: Any, **more: Any) -> dict[str, Any]:
    """Returns of 100 with a spread of 10, and an error that the spread alone would give."""
    return {"return_mean": flat(100.0), "return_std": flat(10.0), "value_mean": np.broadcast_to(value_mean, 20)} | more


def test_finds_a_bias_that_the_explained_variance_cannot_see() -> None:
    found = check_finds(RULE, learning(RAW, **biased(20.0, explained_variance=flat(0.9))))
    assert "mean value" in found.evidence[0].claim
    check_finds(RULE, learning(**biased(70.0, explained_variance=flat(0.0))))


def test_silent_where_the_means_agree_and_the_rest_may_be_noise() -> None:
    noisy = {"value_loss": flat(900.0), "explained_variance": flat(0.0)}
    check_finds(RULE, learning(RAW, **noisy))
    check_clear(RULE, learning(RAW, **biased(95.0, **noisy)))


def test_silent_where_the_bias_goes_while_the_error_stays() -> None:
    """A healthy CartPole in raw rewards: the returns grow, the error stays, its share falls from 0.9 to 0.2."""
    caught_up = biased(ramp(10.0, 78.0), explained_variance=flat(0.02), value_loss=flat(100.0))
    check_clear(RULE, learning(RAW, **caught_up))


def test_skipped_when_returns_lie_around_zero() -> None:
    around = biased(0.0, return_mean=flat(0.5), explained_variance=flat(0.0))
    assert "noise" in check_skipped(RULE, learning(RAW, **around)).reason


def test_skipped_in_the_first_updates() -> None:
    cold = {"value_loss": flat(900.0, 6), "explained_variance": flat(0.0, 6)}
    assert "6 updates" in check_skipped(RULE, learning(RAW, **cold)).reason
    check_finds(RULE, learning(RAW, value_loss=flat(900.0, 7), explained_variance=flat(0.0, 7)))
