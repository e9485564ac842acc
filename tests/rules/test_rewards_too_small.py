from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning, ramp

RULE = "rewards-too-small"
RAW = {"normalize_returns": None}
LENGTH = {"episode_length": flat(20.0)}


def test_finds_returns_below_one_step_of_the_critic() -> None:
    """3e-4 x 65 = 0.02 a step; the critic errs by 0.03."""
    found = check_finds(RULE, not_learning(RAW, reward_mean=flat(0.011), value_loss=flat(1e-3), **LENGTH))
    assert found.rank == 1
    assert len(found.evidence) == 2


def test_a_critic_that_is_better_than_zero_is_no_cause() -> None:
    found = check_finds(RULE, learning(RAW, reward_mean=ramp(0.001, 0.011), value_loss=flat(1e-7), **LENGTH))
    assert found.rank is None


def test_silent_when_rewards_are_normalised() -> None:
    check_clear(RULE, not_learning(reward_mean=flat(0.011), value_loss=flat(1e-3), **LENGTH))


def test_silent_at_returns_of_the_order_one() -> None:
    check_clear(RULE, not_learning(RAW, reward_mean=flat(1.0), **LENGTH))


def test_silent_when_there_is_no_reward_at_all() -> None:
    check_clear(RULE, not_learning(RAW, reward_mean=flat(0.0), **LENGTH))


def test_skipped_when_rewards_of_both_signs_hide_their_size() -> None:
    check_skipped(RULE, learning(RAW, reward_mean=ramp(-0.01, 0.01), **LENGTH))


def test_silent_when_only_the_rate_is_large() -> None:
    """At 1e-3, the upper end of the usual rates, a step is 0.065."""
    check_clear(RULE, not_learning(RAW | {"learning_rate": 1.0}, reward_mean=flat(0.2), **LENGTH))
