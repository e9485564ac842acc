from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "lower-learning-rate"


def test_scales_the_rate_by_the_root_of_the_kl() -> None:
    """KL 0.36 nat, aim 0.2 x 0.05 = 0.01: a sixth of the rate. A usual update of 320 steps has 0.096 / 320."""
    edit = check_proposes(FIX, learning({"learning_rate": 1e-3}, approx_kl=flat(0.36)))
    assert edit.value == pytest.approx(1.7e-4)
    assert "sqrt(0.01 / 0.36)" in edit.why


def test_goes_no_higher_than_the_rate_of_a_usual_update() -> None:
    edit = check_proposes(FIX, learning({"learning_rate": 0.1}, approx_kl=flat(0.06)))
    assert edit.value == pytest.approx(3e-4)


def test_a_few_steps_an_update_may_be_larger() -> None:
    few = learning({"learning_rate": 0.05, "batch_size": 256}, approx_kl=flat(0.06))
    assert check_proposes(FIX, few).value == 1e-3


def test_proposes_the_default_where_no_kl_and_no_steps_are_known() -> None:
    assert check_proposes(FIX, run({"learning_rate": 0.1})).value == 3e-4


def test_refused_where_the_code_does_not_obey_the_config() -> None:
    ignored = learning({"learning_rate": 3e-4}, learning_rate=flat(0.05), approx_kl=flat(0.36))
    assert "find the code that should obey it" in check_refuses(FIX, ignored)


def test_refused_when_the_rate_is_low_already() -> None:
    assert "0.0001 already" in check_refuses(FIX, run({"learning_rate": 1e-4}))


@pytest.mark.parametrize("kl", [2.0, 1e4, 1e300])
def test_a_kl_far_out_does_not_say_by_how_much(kl: float) -> None:
    edit = check_proposes(FIX, learning({"learning_rate": 0.05}, approx_kl=flat(kl)))
    assert edit.value == pytest.approx(3e-4)
    assert "sqrt" not in edit.why


def test_goes_no_lower_than_a_third_of_that() -> None:
    edit = check_proposes(FIX, learning({"learning_rate": 4e-4}, approx_kl=flat(1.0)))
    assert edit.value == pytest.approx(1e-4)
    assert "not below a third" in edit.why


def test_refused_at_the_lower_end_of_usual_rates() -> None:
    assert "1e-05 already" in check_refuses(FIX, learning({"learning_rate": 1e-5}, approx_kl=flat(1e4)))
