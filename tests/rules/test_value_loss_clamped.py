from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, ramp

RULE = "value-loss-clamped"
CLAMPED = {"value_loss_clamp": 100.0, "normalize_returns": None}
LARGE = {"reward_mean": ramp(4e4, 5e4), "episode_length": flat(200)}


def test_finds_a_loss_that_sits_at_its_ceiling() -> None:
    found = check_finds(RULE, learning(CLAMPED, loss=50 + noise(0.5), **LARGE))
    assert found.rank == 1
    assert found.evidence[0].observed < 0.01
    assert found.evidence[1].observed == pytest.approx(1.0, rel=0.05)


def test_a_low_clamp_without_a_total_loss_is_a_hazard() -> None:
    assert check_finds(RULE, learning(CLAMPED, **LARGE)).rank is None


def test_a_loss_that_moves_is_not_pinned() -> None:
    assert check_finds(RULE, learning(CLAMPED, loss=ramp(500, 50), **LARGE)).rank is None


def test_silent_when_the_clamp_is_above_the_returns() -> None:
    check_clear(RULE, learning(CLAMPED | {"value_loss_clamp": 1e8}, loss=flat(50), **LARGE))


def test_silent_when_returns_are_normalized() -> None:
    check_clear(RULE, learning(CLAMPED | {"normalize_returns": True}, loss=flat(0.5), **LARGE))


def test_finds_a_pinned_loss_whatever_the_config_says_of_normalization() -> None:
    check_finds(RULE, learning(CLAMPED | {"normalize_returns": True}, loss=flat(50), **LARGE))


def test_silent_on_a_loss_that_no_clamp_would_let_grow_so_large() -> None:
    check_clear(RULE, learning(CLAMPED, loss=flat(5e4), **LARGE))


@pytest.mark.parametrize("clamp", [0.0, np.inf])
def test_silent_when_the_clamp_is_off(clamp: float) -> None:
    check_clear(RULE, learning(CLAMPED | {"value_loss_clamp": clamp}, loss=flat(50), **LARGE))


STANDS = {"value_loss": 12.0 + noise(0.02), "explained_variance": flat(0.0)}
RAW = {"normalize_returns": False}


def test_finds_a_value_loss_that_stands_on_a_ceiling_of_which_the_config_says_nothing() -> None:
    found = check_finds(RULE, learning(RAW, **STANDS, **LARGE))
    assert (found.rank, found.evidence[1].observed) == (1, pytest.approx(1.0))
    assert "where the loss stands" in found.evidence[0].where


@pytest.mark.parametrize(
    ("settings", "curves"),
    [
        (RAW, {"value_loss": 12.0 + noise(0.6)}),
        (RAW, {"value_loss": ramp(14.0, 12.0)}),
        (RAW, {"explained_variance": flat(0.3)}),
        (RAW, {"value_loss": flat(0.0)}),
        ({"normalize_returns": True}, {}),
        ({"normalize_returns": None}, {}),
    ],
    ids=["moves", "falls", "explains", "nothing to learn", "normalised", "unit unknown"],
)
def test_skipped_where_the_log_shows_no_ceiling(settings: dict[str, object], curves: dict[str, np.ndarray]) -> None:
    check_skipped(RULE, learning(settings, **(STANDS | curves), **LARGE))


def test_silent_where_the_loss_stands_at_the_size_of_the_returns() -> None:
    check_clear(RULE, learning(RAW, **STANDS, reward_mean=flat(2.0), episode_length=flat(20)))


def test_skipped_without_a_clamp() -> None:
    check_skipped(RULE, learning(**LARGE))


def test_skipped_without_the_size_of_the_returns() -> None:
    check_skipped(RULE, learning(CLAMPED, episode_length=None))
