from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, geometric, learning, run

FIX = "lower-entropy-weight"


def test_proposes_the_upper_end_of_usual_weights() -> None:
    edit = check_proposes(FIX, run({"ent_coef": 0.5}))
    assert (edit.name, edit.value) == ("ent_coef", 0.01)
    assert "50 times" in edit.why
    assert check_proposes(FIX, run({"ent_coef": 0.8499541})).why.startswith("0.85 is 85 times")


def test_refused_when_the_weight_in_force_is_that_low() -> None:
    assert "0.01 already" in check_refuses(FIX, run({"ent_coef": 0.012}, ent_coef=flat(0.01)))


def test_refused_where_the_code_does_not_obey_the_config() -> None:
    """0 -> 0.01 would raise a weight that nobody reads."""
    assert "0 in the config, and the log shows 0.5" in check_refuses(FIX, run({"ent_coef": 0.0}, ent_coef=flat(0.5)))
    anneals = run({"ent_coef": 0.5}, ent_coef=geometric(0.4, 0.2))
    assert check_proposes(FIX, anneals).value == 0.01


def test_refused_when_the_weight_is_unknown() -> None:
    check_refuses(FIX, run())


def test_goes_lower_where_the_entropy_is_large() -> None:
    """8 nat of six Gaussian actions: 0.00125 x 8 = 0.01."""
    edit = check_proposes(FIX, learning({"ent_coef": 0.5}, entropy=flat(8.0)))
    assert edit.value == 0.0013
    assert "8 nat is 0.01 in the loss" in edit.why


def test_takes_away_a_bonus_that_widens_the_action_noise() -> None:
    edit = check_proposes(FIX, learning({"ent_coef": 0.01}, action_std=geometric(1, 10)))
    assert edit.value == 0.0
    assert "under a bonus of 0.01" in edit.why
