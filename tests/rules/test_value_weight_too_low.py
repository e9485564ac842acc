from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "value-weight-too-low"
BLIND = {"explained_variance": flat(0.0)}


def test_finds_a_critic_that_is_not_trained() -> None:
    found = check_finds(RULE, not_learning({"vf_coef": 0.0}, **BLIND))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == [0.0, 0.0, 0.0]


def test_finds_a_critic_without_a_learning_rate() -> None:
    assert "critic_learning_rate" in check_finds(RULE, not_learning({"critic_learning_rate": 0.0}, **BLIND)).message


def test_a_critic_that_explains_all_the_same_is_no_cause() -> None:
    """Adam divides the weight out where the critic has layers of its own."""
    assert check_finds(RULE, not_learning({"vf_coef": 1e-3})).rank is None


def test_a_gradient_below_adams_epsilon_is_a_cause_whatever_the_critic_explains() -> None:
    found = check_finds(RULE, learning({"vf_coef": 1e-6}))
    assert found.rank == 1
    assert found.evidence[1].observed == pytest.approx(0.06e-6 * 0.3**0.5 / 1e-5, rel=0.01)


def test_no_cause_where_the_trainers_epsilon_is_smaller_still() -> None:
    """rsl_rl keeps PyTorch's 1e-8."""
    assert check_finds(RULE, replace(learning({"vf_coef": 1e-6}), format="rsl_rl")).rank is None


def test_a_large_error_makes_up_for_a_small_weight() -> None:
    small = {"vf_coef": 1e-6}
    assert check_finds(RULE, learning(small, value_loss=flat(1e3))).rank == 1
    check_clear(RULE, learning(small, value_loss=flat(1e5)))


def test_silent_at_a_small_weight_that_is_used() -> None:
    check_clear(RULE, not_learning({"vf_coef": 0.0196}, **BLIND))


def test_silent_when_the_error_is_as_large_as_the_weight_is_small() -> None:
    """1e-4 x 100^2 is a value loss of 1."""
    check_clear(RULE, not_learning({"vf_coef": 1e-4}, value_loss=flat(1e4), **BLIND))


def test_skipped_when_no_weight_is_known() -> None:
    check_skipped(RULE, learning({"vf_coef": None}))
