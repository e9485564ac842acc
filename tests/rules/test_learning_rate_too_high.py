from __future__ import annotations

from typing import Any

from rundoctor.model import Run
from tests.builders import (
    check_blames,
    check_clear,
    check_finds,
    check_skipped,
    flat,
    geometric,
    learning,
    not_learning,
    ramp,
    run,
)

RULE = "learning-rate-too-high"
HIGH = {"learning_rate": 0.1, "batch_size": 2048}
"""Ten steps an update: no weight is replaced in one."""


def test_finds_a_rate_whose_updates_leave_the_trust_region() -> None:
    found = check_finds(RULE, not_learning(HIGH, approx_kl=flat(0.3)))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == [0.1, 0.3]


def test_reads_the_rate_in_the_log_rather_than_in_the_config() -> None:
    found = check_finds(RULE, learning({"learning_rate": 3e-4}, learning_rate=flat(0.1)))
    assert "loss_metrics.json" in found.evidence[0].where


def test_a_high_rate_with_a_calm_policy_is_a_hazard() -> None:
    found = check_finds(RULE, learning(HIGH))
    assert found.rank is None
    assert "0.01 nat" in found.against[0]


def test_a_knob_that_is_further_out_speaks_against_it() -> None:
    found = check_finds(RULE, learning({"learning_rate": 2e-2, "n_epochs": 30_000}, approx_kl=None))
    assert found.against == ("n_epochs is further outside its usual range",)


def test_a_discount_out_of_its_range_speaks_against_a_rate_that_does_no_harm_alone() -> None:
    short, motion = {"gamma": 0.3, "learning_rate": 2e-3}, flat(0.3)
    assert "gamma 0.3" in check_finds(RULE, not_learning(short, approx_kl=motion)).against[0]
    assert check_finds(RULE, not_learning(short | {"learning_rate": 0.1}, approx_kl=motion)).against == ()


def test_a_calm_policy_acquits_no_rate_that_throws_the_critic_about() -> None:
    worse = {"explained_variance": flat(-2.0)}
    assert check_finds(RULE, learning(HIGH, **worse)).rank is None
    assert "critic-worse-than-mean" in check_blames(RULE, not_learning(HIGH, **worse)).explains


def test_a_rising_reward_acquits_long_steps_but_not_leaps() -> None:
    assert check_finds(RULE, learning(HIGH, approx_kl=flat(0.3))).rank is None
    assert check_finds(RULE, learning(HIGH, approx_kl=flat(3.0), reward_mean=ramp(20, 400))).rank == 1


def test_finds_a_rate_that_replaces_the_weights_in_one_update_however_calm_the_policy() -> None:
    found = check_finds(RULE, learning({"learning_rate": 0.1}))
    assert found.rank == 1
    assert found.evidence[1].observed == 0.1 * 320
    assert check_finds(RULE, learning({"learning_rate": 6e-3, "batch_size": 8})).rank is None


def test_silent_where_a_negative_entropy_weight_makes_the_kl() -> None:
    narrowed = {"learning_rate": 3e-3, "ent_coef": -0.1}
    check_clear(RULE, not_learning(narrowed, approx_kl=geometric(0.05, 3)))
    check_finds(RULE, not_learning(narrowed | {"learning_rate": 0.1}, approx_kl=geometric(0.05, 3)))


def test_silent_a_little_above_the_usual_range_where_the_policy_is_calm_or_not_logged() -> None:
    for motion in (flat(0.01), None):
        check_clear(RULE, not_learning({"learning_rate": 3e-3}, approx_kl=motion))
    check_finds(RULE, not_learning({"learning_rate": 3e-3}, approx_kl=flat(0.3)))


def test_silent_at_the_upper_end_of_the_usual_range() -> None:
    check_clear(RULE, learning({"learning_rate": 1e-3}, approx_kl=flat(0.3)))


def test_silent_when_the_rate_is_high_only_while_it_warms_down() -> None:
    """H8: few updates of a schedule."""
    rate = ramp(3e-4, 3e-4)
    rate[:3] = 0.1
    check_clear(RULE, learning(learning_rate=rate))


def test_skipped_when_the_rate_is_unknown() -> None:
    check_skipped(RULE, learning({"learning_rate": None}))


def steered(kind: str, rate: Any) -> Run:
    return run({"learning_rate": 1e-3}, kind=kind, learning_rate=rate, approx_kl=flat(0.3))


def test_skipped_where_the_trainer_sets_the_rate_itself() -> None:
    for rate in (ramp(1e-3, 1e-2), flat(1e-2)):
        for kind in ("rsl_rl", "rl_games", "skrl"):
            assert "by the KL" in check_skipped(RULE, steered(kind, rate)).reason
    check_finds(RULE, steered("sb3", ramp(1e-3, 1e-2)))


def test_a_rate_that_was_chosen_is_judged_in_a_trainer_that_could_set_it() -> None:
    check_finds(RULE, run({"learning_rate": 2e-2}, kind="rsl_rl", learning_rate=flat(2e-2), approx_kl=flat(0.3)))
    check_finds(RULE, run({"learning_rate": 2e-2}, kind="rl_games", learning_rate=ramp(2e-2, 1e-2)))
