from __future__ import annotations

from tests.builders import check_clear, check_finds, flat, learning, not_learning, ramp, run

RULE = "advantages-not-normalized"
OFF = {"normalize_advantage": False}


def test_finds_a_policy_loss_of_the_size_of_the_returns() -> None:
    found = check_finds(RULE, not_learning(OFF, policy_loss=flat(-80.0)))
    assert found.rank == 1
    assert found.evidence[0].observed == 80.0


def test_finds_a_negative_total_loss_that_no_value_loss_can_give() -> None:
    found = check_finds(RULE, run(OFF | {"ent_coef": 0.5}, loss=flat(-80.0)))
    assert found.evidence[0].observed == 79.5


def test_finds_it_in_the_log_where_the_config_does_not_say() -> None:
    check_finds(RULE, learning({"normalize_advantage": None}, policy_loss=flat(-80.0)))


def test_only_the_setting_is_evidence_where_the_log_shows_no_size() -> None:
    found = check_finds(RULE, run(OFF, loss=flat(5.0)))
    assert found.rank is None
    assert (found.evidence[0].observed, found.evidence[0].strength) == (0.0, 0.5)


def test_a_small_mean_does_not_hide_large_advantages_of_a_blind_critic() -> None:
    check_finds(RULE, learning(OFF, policy_loss=flat(-0.5), value_loss=flat(1e4)))


def test_silent_when_advantages_of_unit_size_are_not_standardised() -> None:
    check_clear(RULE, learning(OFF, policy_loss=flat(-0.9)))


def test_silent_when_advantages_are_standardised() -> None:
    check_clear(RULE, learning(policy_loss=flat(-9.0)))


def test_silent_when_a_standardised_policy_loss_drifts() -> None:
    """H2: re-centred advantages shift the objective every batch."""
    check_clear(RULE, learning(policy_loss=ramp(-0.01, 0.2)))
