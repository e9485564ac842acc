from __future__ import annotations

from tests.builders import (
    check_blames,
    check_clear,
    check_finds,
    check_skipped,
    flat,
    geometric,
    learning,
    not_learning,
)

RULE = "too-many-epochs"
MANY = {"n_epochs": 200}


def test_finds_epochs_that_carry_the_policy_off_its_data() -> None:
    found = check_finds(RULE, not_learning(MANY, approx_kl=flat(0.5)))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == [200, 0.5]


def test_many_epochs_near_the_data_are_a_hazard() -> None:
    assert check_finds(RULE, learning(MANY)).rank is None


def test_a_rising_reward_acquits_long_steps_unless_a_symptom_is_there() -> None:
    assert check_finds(RULE, learning(MANY, approx_kl=flat(0.3))).rank is None
    collapsed = learning(MANY, approx_kl=flat(0.3), entropy=geometric(0.69, 1e-6), reward_mean=geometric(20, 400))
    assert "entropy-collapse" in check_blames(RULE, collapsed).explains


def test_without_kl_it_says_what_would_decide() -> None:
    assert check_finds(RULE, learning(MANY, approx_kl=None)).decide_by


def test_silent_at_the_default_of_rllib() -> None:
    check_clear(RULE, not_learning({"n_epochs": 30}, approx_kl=flat(0.5)))


def test_skipped_when_the_epochs_are_unknown() -> None:
    check_skipped(RULE, learning({"n_epochs": None}))
