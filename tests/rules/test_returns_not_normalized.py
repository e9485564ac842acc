from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, not_learning, ramp, run

RULE = "returns-not-normalized"
RAW = {"normalize_returns": False}
LARGE = {
    "reward_mean": ramp(2e4, 2.1e4),
    "episode_length": flat(200),
    "value_loss": flat(4e6),
    "explained_variance": flat(0.0),
}


def test_finds_an_error_beyond_what_adam_can_cover() -> None:
    found = check_finds(RULE, learning(RAW, **LARGE))
    assert found.rank == 1
    assert found.evidence[0].observed == pytest.approx(2000)
    assert found.evidence[1].observed == pytest.approx(2000 / (3e-4 * 320 * 65))


def test_says_that_a_normalisation_in_the_config_has_no_effect() -> None:
    assert "had no effect, or was set after this log" in check_finds(RULE, learning(**LARGE)).message


def test_bounds_the_error_where_only_the_total_loss_is_logged() -> None:
    large = {name: curve for name, curve in LARGE.items() if name != "value_loss"}
    found = check_finds(RULE, learning(RAW, value_loss=None, loss=flat(4e6), **large))
    assert found.evidence[0].observed == pytest.approx(2000, rel=0.01)
    assert found.decide_by


def test_silent_when_the_critic_explains_large_returns() -> None:
    """H1 and H12: large returns that are tracked."""
    check_clear(RULE, learning(RAW, **LARGE | {"explained_variance": flat(0.8)}))


def test_finds_a_critic_that_explains_some_and_cannot_have_arrived() -> None:
    """Rewards of both signs hide the size of the returns; the speed of Adam does not depend on it."""
    some = {"explained_variance": flat(0.2), "reward_mean": ramp(-2e5, 2e5)}
    check_finds(RULE, learning(RAW, **LARGE | some))


def test_a_shared_trunk_is_taken_by_a_critic_that_explains_the_smaller_part() -> None:
    some = LARGE | {"explained_variance": flat(0.3)}
    check_clear(RULE, learning(RAW, **some))
    found = check_finds(RULE, learning(RAW | {"shared_trunk": True}, **some))
    assert found.rank == 1
    assert found.evidence[-1].observed == pytest.approx(0.25 * 2000)


def test_a_shared_trunk_is_taken_by_a_critic_that_explains_half_too_late() -> None:
    climbs = LARGE | {"explained_variance": ramp(0.0, 0.6)}
    fast = RAW | {"learning_rate": 0.013}
    found = check_finds(RULE, learning(fast | {"shared_trunk": True}, **climbs))
    assert found.rank == 1
    assert [evidence.limit for evidence in found.evidence] == pytest.approx([10.0, 10.0, 0.3])
    check_clear(RULE, learning(fast, **climbs))
    check_clear(RULE, learning(fast | {"shared_trunk": True}, **climbs | {"explained_variance": flat(0.6)}))
    check_clear(RULE, learning(fast | {"shared_trunk": True}, **climbs | {"explained_variance": ramp(0.0, 0.95)}))


def test_silent_when_adam_has_the_updates_to_get_there() -> None:
    """H12: it will track."""
    check_clear(RULE, learning(RAW | {"learning_rate": 0.013}, **LARGE))


def test_silent_when_a_large_error_has_fallen() -> None:
    check_clear(RULE, learning(RAW, **LARGE | {"value_loss": geometric(4e6, 50.0)}))


def test_silent_when_returns_are_normalized() -> None:
    check_clear(RULE, learning())


def test_silent_at_an_error_of_ten() -> None:
    check_clear(RULE, not_learning(RAW, value_loss=flat(100.0), explained_variance=flat(0.0)))


def test_skipped_when_the_clamp_hides_the_error() -> None:
    assert "clamped" in check_skipped(RULE, learning(RAW | {"value_loss_clamp": 100.0}, **LARGE)).reason


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, run(RAW, reward_mean=ramp(0, 1)))
