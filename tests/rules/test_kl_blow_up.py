from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "kl-blow-up"


def test_finds_updates_far_outside_the_trust_region() -> None:
    found = check_finds(RULE, not_learning(approx_kl=flat(0.3)))
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.3, 0.1)


def test_begins_where_the_updates_become_too_large() -> None:
    blown = np.concatenate([flat(0.01, 8), flat(0.3, 12)])
    assert check_finds(RULE, not_learning(approx_kl=blown)).onset == 8


def test_finds_updates_that_leave_the_trust_region_late_and_for_good() -> None:
    late = np.concatenate([flat(0.01, 15), flat(0.3, 5)])
    found = check_finds(RULE, not_learning(approx_kl=late))
    assert (found.evidence[0].claim, found.onset) == ("KL of an update at the end (nat)", 15)


def test_silent_when_the_reward_rises_all_along() -> None:
    """Large steps that the policy is the better for."""
    check_clear(RULE, learning(approx_kl=flat(0.3)))


def test_silent_when_single_updates_spike() -> None:
    """H8: spikes at the start."""
    check_clear(RULE, learning(approx_kl=np.concatenate([flat(3.0, 4), flat(0.01, 16)])))


def test_silent_when_a_wide_clip_range_asks_for_large_steps() -> None:
    check_clear(RULE, learning({"clip_range": 0.4}, approx_kl=flat(0.14)))


def test_silent_when_the_target_asks_for_large_steps() -> None:
    check_clear(RULE, learning({"target_kl": 0.1}, approx_kl=flat(0.3)))


def test_silent_at_a_high_clip_fraction_with_a_calm_kl() -> None:
    """H7."""
    check_clear(RULE, learning(approx_kl=flat(0.02), clip_fraction=flat(0.3)))


def test_skipped_without_kl() -> None:
    check_skipped(RULE, learning(approx_kl=None))
