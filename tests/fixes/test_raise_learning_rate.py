from __future__ import annotations

from tests.builders import LEARNS, check_proposes, check_refuses, flat, run

FIX = "raise-learning-rate"


def test_brings_the_reach_of_an_update_to_the_usual_one() -> None:
    """320 steps an update: 0.096 / 320 = 3e-4."""
    edit = check_proposes(FIX, run(LEARNS | {"learning_rate": 1e-6}))
    assert (edit.name, edit.value) == ("learning_rate", 3e-4)


def test_goes_no_higher_than_usual_rates() -> None:
    assert check_proposes(FIX, run(LEARNS | {"learning_rate": 1e-6, "n_epochs": 1, "batch_size": 2048})).value == 2e-3


def test_refused_where_the_code_does_not_obey_the_config() -> None:
    assert "the log shows 1e-06" in check_refuses(FIX, run({"learning_rate": 3e-4}, learning_rate=flat(1e-6)))


def test_proposes_the_default_where_the_steps_are_unknown() -> None:
    assert check_proposes(FIX, run({"learning_rate": 1e-6})).value == 3e-4


def test_refused_when_the_rate_is_that_high() -> None:
    assert "0.001 already" in check_refuses(FIX, run(LEARNS | {"learning_rate": 1e-3}))
