from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, not_learning, ramp

RULE = "critic-worse-than-mean"


def test_finds_a_critic_that_is_worse_than_none() -> None:
    found = check_finds(RULE, not_learning(explained_variance=flat(-0.8)))
    assert (found.evidence[0].observed, found.onset) == (-0.8, 0)


def test_silent_in_the_beginning_of_a_run() -> None:
    """H4: a critic that starts from nothing."""
    check_clear(RULE, not_learning(explained_variance=np.concatenate([flat(-2.0, 8), flat(0.4, 12)])))


def test_silent_at_single_updates() -> None:
    """H5."""
    check_clear(RULE, not_learning(explained_variance=np.where(np.arange(20) % 4 == 0, -3.0, 0.3)))


def test_silent_at_zero() -> None:
    check_clear(RULE, not_learning(explained_variance=noise(0.01)))


def test_silent_when_the_run_gets_better_all_the_same() -> None:
    check_clear(RULE, learning(explained_variance=flat(-0.8)))


def test_skipped_in_a_short_run() -> None:
    check_skipped(RULE, not_learning(explained_variance=ramp(-1, -0.5, 12)))
