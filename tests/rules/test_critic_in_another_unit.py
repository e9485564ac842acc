from __future__ import annotations

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, not_learning, ramp

RULE = "critic-in-another-unit"
FAR = {"return_mean": flat(1000.0), "value_mean": flat(0.5)}


def test_finds_a_loss_that_is_smaller_than_it_can_be() -> None:
    """A mean square is at least the square of the mean: 999.5^2 against a loss of 1."""
    found = check_finds(RULE, not_learning(value_loss=flat(1.0), **FAR))
    assert (found.rank, found.evidence[0].observed) == (1, pytest.approx(999.5**2))


STANDARDISED = {"normalize_returns_per_batch": True}


def test_finds_standardised_returns_that_the_critic_explains_as_a_hazard() -> None:
    assert check_finds(RULE, learning(STANDARDISED)).rank is None


def test_finds_returns_far_beyond_what_standardised_ones_can_be() -> None:
    found = check_finds(RULE, learning(STANDARDISED, explained_variance=None))
    assert found.rank == 1
    assert found.evidence[-1].observed > 10


SCALED = STANDARDISED | {"return_scale": 10.0}


def test_returns_of_the_size_that_they_are_brought_to_are_a_hazard() -> None:
    assert check_finds(RULE, learning(SCALED, explained_variance=None)).rank is None


def test_finds_standardised_returns_of_any_size_that_the_critic_does_not_explain() -> None:
    found = check_finds(RULE, learning(SCALED, explained_variance=flat(0.3)))
    assert (found.rank, found.evidence[-1].observed) == (1, 0.3)


RAW = {"normalize_returns": False}
LARGE = {"reward_mean": ramp(2e4, 3e4), "episode_length": flat(200), "explained_variance": flat(0.02)}


def test_finds_a_fresh_critic_that_errs_by_far_less_than_the_raw_returns() -> None:
    found = check_finds(RULE, learning(RAW, value_loss=geometric(100, 50), **LARGE))
    assert found.rank == 1
    assert found.evidence[0].observed < 0.01


@pytest.mark.parametrize(
    ("settings", "curves"),
    [
        ({"normalize_returns": True}, {}),
        (RAW, {"value_loss": geometric(3e6, 1e6)}),
        (RAW, {"explained_variance": ramp(0.02, 0.9)}),
        (RAW, {"explained_variance": ramp(0.5, 0.3)}),
        (RAW, {"reward_mean": flat(20.0), "value_loss": geometric(0.01, 0.005)}),
        (RAW, {"value_loss": flat(100.0)}),
    ],
    ids=["normalised", "one unit", "explains", "has learned before", "within an update", "stands on a clamp"],
)
def test_skipped_where_a_small_first_error_says_nothing(
    settings: dict[str, object], curves: dict[str, np.ndarray]
) -> None:
    check_skipped(RULE, learning(settings, **({"value_loss": geometric(100, 50)} | LARGE | curves)))


def test_silent_when_the_critic_lags() -> None:
    check_clear(RULE, not_learning(value_loss=flat(1e6), **FAR))


def test_silent_when_values_are_logged_in_the_unit_of_returns() -> None:
    check_clear(RULE, not_learning(value_loss=flat(1.0), return_mean=flat(1000.0), value_mean=flat(980.0)))


def test_silent_when_a_clamp_hides_the_loss() -> None:
    check_clear(RULE, not_learning({"value_loss_clamp": 10.0}, value_loss=flat(10.0), **FAR))


def test_silent_when_the_setting_is_off() -> None:
    check_clear(RULE, learning({"normalize_returns_per_batch": False}, return_mean=flat(1.0), value_mean=flat(1.0)))


def test_skipped_when_the_means_are_not_logged() -> None:
    check_skipped(RULE, learning())


def test_a_mean_too_large_to_square_fails_nothing() -> None:
    sick = learning(value_mean=flat(1e300), return_mean=flat(0.0))
    assert not [skip for skip in diagnose(sick).skipped if "failed" in skip.reason]
