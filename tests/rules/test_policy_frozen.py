from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, not_learning, ramp

RULE = "policy-frozen"
STILL = {"approx_kl": flat(1e-5), "clip_fraction": flat(0.0)}
LEVEL = np.concatenate([ramp(20, 400, 6), 400 + noise(4.0, 14)])


def test_finds_a_policy_that_stands_still() -> None:
    found = check_finds(RULE, not_learning(**STILL))
    assert (found.evidence[0].observed, found.onset) == (1e-5, 0)


def test_begins_where_the_policy_stops() -> None:
    stops = np.concatenate([flat(0.01, 6), flat(1e-5, 14)])
    assert check_finds(RULE, not_learning(approx_kl=stops, clip_fraction=None)).onset == 6


def test_finds_it_while_the_reward_still_climbs() -> None:
    check_finds(RULE, learning(**STILL))


def test_silent_when_the_reward_is_level_at_its_best() -> None:
    check_clear(RULE, learning(reward_mean=LEVEL, **STILL))


def test_silent_when_the_reward_is_exactly_level_at_its_best() -> None:
    check_clear(RULE, learning(reward_mean=np.minimum(ramp(20, 1200), 500.0), **STILL))


def test_silent_when_samples_leave_the_clip_range() -> None:
    check_clear(RULE, not_learning(approx_kl=flat(1e-5), clip_fraction=flat(0.1)))


def test_silent_when_a_sampled_estimate_is_far_below_zero() -> None:
    check_clear(RULE, not_learning(approx_kl=flat(-0.02), clip_fraction=None))


def test_silent_at_the_least_usual_kl() -> None:
    check_clear(RULE, not_learning(approx_kl=flat(1e-3), clip_fraction=flat(0.0)))


def test_skipped_when_kl_is_a_placeholder() -> None:
    """H13: exactly zero everywhere."""
    assert "placeholder" in check_skipped(RULE, not_learning(approx_kl=flat(0.0))).reason


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, learning(reward_mean=None, **STILL))
