from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, ramp, run

RULE = "config-contradicted-by-log"


@pytest.mark.parametrize(
    ("name", "config", "log"), [("learning_rate", 3e-4, 1e-4), ("ent_coef", 0.01, 0.2), ("clip_range", 0.2, 0.1)]
)
def test_finds_a_value_that_the_log_denies_from_the_start(name: str, config: float, log: float) -> None:
    found = check_finds(RULE, run({name: config}, **{name: flat(log)}))
    assert (found.evidence[0].observed, found.evidence[0].limit) == (log, config)


def test_finds_a_sign_that_the_log_denies() -> None:
    check_finds(RULE, run({"ent_coef": 0.01}, ent_coef=flat(-0.01)))


def test_finds_an_entropy_weight_that_is_not_applied() -> None:
    check_finds(RULE, run({"ent_coef": 0.01}, ent_coef=flat(0.0)))


def test_silent_when_the_rate_is_annealed_from_the_configured_one() -> None:
    check_clear(RULE, run({"learning_rate": 3e-4}, learning_rate=ramp(3e-4, 0.0)))


def test_silent_when_the_rate_warms_up_to_the_configured_one() -> None:
    check_clear(RULE, run({"learning_rate": 3e-4}, learning_rate=ramp(1e-6, 3e-4)))


def test_silent_within_rounding() -> None:
    check_clear(RULE, run({"learning_rate": 3e-4}, learning_rate=flat(2.1e-4)))


def test_skipped_when_the_log_does_not_show_it() -> None:
    check_skipped(RULE, run({"learning_rate": 3e-4}))


def test_finds_an_entropy_weight_that_the_total_loss_betrays() -> None:
    """No policy loss of standardised advantages is as negative as this total."""
    betrayed = run({"ent_coef": 0.0}, last_minibatch_loss=flat(-0.6), entropy=flat(0.65))
    assert check_finds(RULE, betrayed).evidence[0].observed == pytest.approx(0.4 / 0.65)
    check_clear(
        RULE,
        run({"ent_coef": 0.9, "learning_rate": 1e-3}, learning_rate=flat(1e-3), loss=flat(-0.6), entropy=flat(0.65)),
    )


def test_a_rate_that_the_trainer_sets_itself_contradicts_nothing() -> None:
    """At its upper bound from the first logged update on."""
    for kind, judged in (("rl_games", check_skipped), ("sb3", check_finds)):
        judged(RULE, run({"learning_rate": 1e-3}, kind=kind, learning_rate=flat(1e-2)))


def test_skipped_where_one_value_is_logged() -> None:
    """It may be the last one of a schedule."""
    check_skipped(RULE, run({"clip_range": 0.2}, clip_range=[0.115]))
