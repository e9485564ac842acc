from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "minibatch-too-small"
SMALL = {"batch_size": 4}


def test_finds_a_handful_of_samples_that_throw_the_policy_about() -> None:
    found = check_finds(RULE, not_learning(SMALL, approx_kl=flat(0.5)))
    assert found.rank == 1
    assert "5,120 of them an update" in found.message


def test_an_update_inside_its_trust_region_makes_it_a_hazard() -> None:
    assert check_finds(RULE, not_learning(SMALL)).rank is None


def test_silent_at_ten_samples() -> None:
    check_clear(RULE, not_learning({"batch_size": 10}, approx_kl=flat(0.5)))


def test_skipped_when_the_size_is_unknown() -> None:
    check_skipped(RULE, learning({"batch_size": None}))
