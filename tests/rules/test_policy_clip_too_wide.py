from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "policy-clip-too-wide"
WIDE = {"clip_range": 2.0}


def test_finds_a_range_that_bounds_nothing() -> None:
    found = check_finds(RULE, not_learning(WIDE, approx_kl=flat(0.5)))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == [2.0, 0.5]


def test_reads_the_range_in_the_log_rather_than_in_the_config() -> None:
    check_finds(RULE, learning(clip_range=flat(2.0)))


def test_a_wide_range_that_nothing_reaches_is_a_hazard() -> None:
    assert check_finds(RULE, learning(WIDE)).rank is None


def test_silent_a_little_above_the_upper_end_of_the_usual_range() -> None:
    check_clear(RULE, not_learning({"clip_range": 0.5}, approx_kl=flat(0.5)))
    check_finds(RULE, not_learning({"clip_range": 0.6}, approx_kl=flat(0.5)))


def test_a_reward_that_rises_all_along_makes_it_a_hazard_where_no_symptom_is_there() -> None:
    assert check_finds(RULE, learning(WIDE, approx_kl=flat(0.3))).rank is None
    assert check_finds(RULE, not_learning(WIDE, approx_kl=flat(0.3))).rank == 1


def test_silent_when_a_tuned_run_takes_large_steps() -> None:
    check_clear(RULE, learning({"clip_range": 0.4}, approx_kl=flat(0.14)))


def test_skipped_when_the_range_is_unknown() -> None:
    check_skipped(RULE, learning({"clip_range": None}))
