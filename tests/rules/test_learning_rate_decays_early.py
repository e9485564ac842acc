from __future__ import annotations

import numpy as np

from tests.builders import (
    check_blames,
    check_clear,
    check_finds,
    check_skipped,
    flat,
    geometric,
    learning,
    not_learning,
    ramp,
)

RULE = "learning-rate-decays-early"
SPENT = np.concatenate([ramp(3e-4, 0, 8), flat(0.0, 12)])


def test_finds_a_rate_that_is_spent_before_the_run() -> None:
    found = check_blames(RULE, not_learning(learning_rate=SPENT))
    assert found.onset == 7


def test_finds_an_exponential_decay() -> None:
    check_finds(RULE, not_learning(learning_rate=geometric(1e-3, 1e-7)))


def test_a_run_that_was_done_by_then_has_a_hazard() -> None:
    assert check_finds(RULE, learning(learning_rate=SPENT)).rank is None


def test_silent_at_a_linear_decay_to_zero() -> None:
    check_clear(RULE, learning(learning_rate=ramp(3e-4, 0.0)))


def test_silent_at_a_rate_that_follows_the_kl() -> None:
    check_clear(RULE, learning(learning_rate=np.concatenate([flat(1e-2, 5), flat(1e-5, 8), flat(1.5e-5, 7)])))


def test_silent_at_zero_throughout() -> None:
    check_clear(RULE, learning(learning_rate=flat(0.0)))


def test_skipped_when_the_rate_is_not_logged() -> None:
    check_skipped(RULE, learning())
