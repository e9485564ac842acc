from __future__ import annotations

from tests.builders import (
    check_clear,
    check_finds,
    check_skipped,
    collapse,
    flat,
    geometric,
    learning,
    noise,
    not_learning,
    ramp,
)

RULE = "entropy-collapse"
FALLS = collapse(20, 400, 60) + noise(5.0)


def test_finds_a_policy_without_randomness_whose_reward_fell() -> None:
    found = check_finds(RULE, learning(entropy=geometric(0.69, 1e-3), reward_mean=FALLS))
    assert found.evidence[0].observed < 0.1


def test_finds_a_policy_without_randomness_that_never_learned() -> None:
    check_finds(RULE, not_learning(entropy=geometric(0.69, 1e-3)))


def test_finds_a_gaussian_that_narrowed_to_nothing() -> None:
    check_finds(RULE, not_learning(entropy=ramp(1.4, -3.0)))


def test_silent_when_the_reward_rises_meanwhile() -> None:
    """H3: convergence."""
    check_clear(RULE, learning(entropy=geometric(0.69, 1e-3)))


def test_silent_when_a_tenth_of_the_entropy_is_left() -> None:
    check_clear(RULE, learning(entropy=ramp(0.69, 0.12), reward_mean=FALLS))


def test_silent_when_the_entropy_of_a_gaussian_is_negative_and_steady() -> None:
    check_clear(RULE, not_learning(entropy=flat(-3.0)))


def test_skipped_without_entropy() -> None:
    check_skipped(RULE, learning(entropy=None))
