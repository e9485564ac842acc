from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "policy-clip-too-narrow"
STILL = {"approx_kl": flat(5e-5), "clip_fraction": flat(0.6)}


def test_finds_a_range_that_holds_the_policy() -> None:
    found = check_finds(RULE, not_learning({"clip_range": 0.01}, **STILL))
    assert [evidence.observed for evidence in found.evidence] == [0.01, 5e-5]
    assert found.rank == 1


def test_a_policy_that_moves_all_the_same_is_no_cause() -> None:
    assert check_finds(RULE, not_learning({"clip_range": 0.01})).rank is None


def test_a_narrow_range_without_a_measured_kl_is_a_hazard() -> None:
    assert check_finds(RULE, learning({"clip_range": 0.01}, approx_kl=None)).rank is None


def test_silent_at_a_range_that_is_only_small() -> None:
    check_clear(RULE, not_learning({"clip_range": 0.03}, **STILL))


def test_silent_where_zero_means_off() -> None:
    check_clear(RULE, learning({"clip_range": 0.0}))


def test_skipped_when_the_range_is_unknown() -> None:
    check_skipped(RULE, learning({"clip_range": None}))
