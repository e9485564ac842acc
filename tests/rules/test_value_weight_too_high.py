from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "value-weight-too-high"
HIGH = {"vf_coef": 50.0}


def test_finds_a_weight_that_starves_the_policy() -> None:
    found = check_finds(RULE, not_learning(HIGH, approx_kl=flat(1e-4), clip_fraction=flat(0.0)))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == [50.0, 1e-4]


def test_a_high_weight_with_a_policy_that_moves_is_a_hazard() -> None:
    assert check_finds(RULE, learning(HIGH)).rank is None


SHARED = HIGH | {"shared_trunk": True}


def test_a_policy_that_moves_shares_its_trunk_with_a_critic_that_outweighs_it() -> None:
    found = check_finds(RULE, learning(SHARED))
    assert found.rank == 1
    assert found.evidence[1].observed == pytest.approx(50 * 0.3**0.5)


def test_a_critic_without_error_leaves_the_shared_trunk_to_the_policy() -> None:
    assert check_finds(RULE, learning(SHARED, value_loss=flat(0.01))).rank is None


def test_silent_on_a_shared_trunk_at_a_usual_weight_and_a_large_error() -> None:
    check_clear(RULE, learning({"vf_coef": 5.0, "shared_trunk": True}, value_loss=flat(1e4)))


def test_says_what_would_decide_where_kl_is_not_logged() -> None:
    assert "approx_kl" in check_finds(RULE, learning(HIGH, approx_kl=None)).decide_by[0]


def test_silent_at_four_times_the_largest_default() -> None:
    check_clear(RULE, not_learning({"vf_coef": 10.0}, approx_kl=flat(1e-4)))


def test_silent_when_large_returns_starve_the_policy_at_a_usual_weight() -> None:
    """H10: the gradient is always clipped; returns-not-normalized speaks then."""
    check_clear(RULE, not_learning({"vf_coef": 0.5}, value_loss=flat(1e6), approx_kl=flat(1e-4)))


def test_skipped_when_the_weight_is_unknown() -> None:
    check_skipped(RULE, learning({"vf_coef": None}))


def test_the_policys_share_of_the_gradient_shows_it_without_a_kl() -> None:
    norms = {"policy_grad_norm": flat(1e-5), "value_grad_norm": flat(0.5), "approx_kl": None}
    found = check_finds(RULE, learning(HIGH, **norms))
    assert found.rank == 1
    assert found.evidence[1].observed < 1e-4
    assert found.decide_by == ()


def test_a_policy_that_moves_is_a_hazard_whatever_its_share() -> None:
    assert check_finds(RULE, learning(HIGH, policy_grad_norm=flat(1e-5), value_grad_norm=flat(0.5))).rank is None


def test_says_which_norms_would_decide() -> None:
    decide = check_finds(RULE, learning(HIGH, approx_kl=None)).decide_by[0]
    assert decide == "log approx_kl, and policy_grad_norm and value_grad_norm per update"
