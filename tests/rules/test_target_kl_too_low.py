from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning, ramp

RULE = "target-kl-too-low"
LOW = {"target_kl": 1e-5}


def test_finds_a_target_that_ends_every_update_at_once() -> None:
    run = not_learning(LOW, approx_kl=flat(2e-5), clip_fraction=flat(0.0), epochs_done=ramp(1, 20))
    found = check_finds(RULE, run)
    assert [evidence.observed for evidence in found.evidence] == [1e-5, 0.1, 2e-5]
    assert found.rank == 1


def test_all_epochs_done_are_no_evidence() -> None:
    run = not_learning(LOW, approx_kl=flat(2e-5), epochs_done=ramp(10, 200))
    assert len(check_finds(RULE, run).evidence) == 2


def test_a_policy_that_moves_all_the_same_is_no_cause() -> None:
    assert check_finds(RULE, not_learning(LOW)).rank is None


def test_a_small_kl_that_is_past_the_target_in_every_update_is_a_cause() -> None:
    found = check_finds(RULE, not_learning(LOW, approx_kl=flat(1e-3)))
    assert found.rank == 1
    assert found.evidence[1].observed == 1.0


def test_a_small_kl_that_the_target_does_not_stop_is_a_hazard() -> None:
    assert check_finds(RULE, not_learning({"target_kl": 9e-4}, approx_kl=flat(1e-3))).rank is None


def test_silent_at_a_usual_target_that_stops_most_epochs() -> None:
    check_clear(RULE, learning({"target_kl": 0.01}, epochs_done=ramp(1, 20)))


def test_silent_where_zero_means_off() -> None:
    check_clear(RULE, learning({"target_kl": 0.0}))


def test_skipped_without_a_target() -> None:
    check_skipped(RULE, learning())
