from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "learning-rate-too-low"
LOW = {"learning_rate": 2e-6}


def test_finds_a_rate_that_cannot_move_a_weight_in_this_run() -> None:
    found = check_finds(RULE, not_learning(LOW, approx_kl=None))
    assert found.rank == 1
    assert "no weight can move far in 20 updates" in found.message
    assert found.evidence[0].observed == pytest.approx(2e-6 * 320 * 20)


def test_finds_a_policy_that_does_not_move() -> None:
    found = check_finds(RULE, not_learning(LOW, approx_kl=flat(1e-5)))
    assert found.evidence[2].observed == 1e-5


def test_a_policy_that_moves_is_held_back_where_no_weight_can_move_far() -> None:
    slow = flat(0.005)
    assert check_finds(RULE, learning({"learning_rate": 1.2e-5}, approx_kl=slow)).rank == 1
    check_clear(RULE, learning({"learning_rate": 1.2e-5, "batch_size": 8}, approx_kl=slow))


def test_finds_a_starved_policy_of_a_low_rate_whose_reach_is_not_known() -> None:
    unknown = {"learning_rate": 5e-5, "batch_size": None}
    found = check_finds(RULE, learning(unknown, approx_kl=flat(1e-4)))
    assert (found.rank, found.message) == (1, "learning rate 5e-05: the policy hardly moves")
    check_clear(RULE, learning(unknown, approx_kl=flat(1e-3)))


def test_a_low_rate_with_enough_steps_is_a_hazard() -> None:
    found = check_finds(RULE, learning({"learning_rate": 5e-6, "batch_size": 8}, approx_kl=None))
    assert found.rank is None
    assert "below the usual range" in found.message


def test_silent_when_the_policy_moves_all_the_same() -> None:
    check_clear(RULE, learning(LOW, approx_kl=flat(0.02)))


def test_silent_when_a_usual_rate_has_had_few_steps() -> None:
    check_clear(RULE, learning({"batch_size": 2048, "n_epochs": 4}, approx_kl=None))


def test_silent_when_the_run_has_just_begun() -> None:
    few = {name: flat(1.0, 2) for name in ("reward_mean", "value_loss")}
    check_clear(RULE, learning({"learning_rate": 5e-5}, approx_kl=None, **few))


def test_silent_when_a_policy_of_a_usual_rate_does_not_move() -> None:
    """Something else holds it: see policy-frozen."""
    check_clear(RULE, learning(approx_kl=flat(1e-5)))


def test_skipped_when_the_rate_is_unknown() -> None:
    check_skipped(RULE, learning({"learning_rate": None}))
