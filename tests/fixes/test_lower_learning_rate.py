from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "lower-learning-rate"


def test_scales_the_rate_by_the_root_of_the_kl() -> None:
    """KL 1 nat, aim 0.2 x 0.05 = 0.01: a tenth of the rate."""
    edit = check_proposes(FIX, learning({"learning_rate": 2e-3}, approx_kl=flat(1.0)))
    assert edit.value == pytest.approx(2e-4)
    assert "sqrt(0.01 / 1)" in edit.why


def test_goes_no_higher_than_the_default() -> None:
    edit = check_proposes(FIX, learning({"learning_rate": 0.1}, approx_kl=flat(0.06)))
    assert edit.value == 3e-4


def test_proposes_the_default_where_no_kl_is_logged() -> None:
    assert check_proposes(FIX, run({"learning_rate": 0.1})).value == 3e-4


def test_refused_when_the_rate_is_low_already() -> None:
    assert "0.0001 already" in check_refuses(FIX, run({"learning_rate": 1e-4}))


@pytest.mark.parametrize("kl", [1e4, 1e300])
def test_goes_no_lower_than_usual_rates(kl: float) -> None:
    edit = check_proposes(FIX, learning({"learning_rate": 1.5e-3}, approx_kl=flat(kl)))
    assert edit.value == 1e-5
    assert "not below the usual 1e-05" in edit.why


def test_refused_at_the_lower_end_of_usual_rates() -> None:
    assert "1e-05 already" in check_refuses(FIX, learning({"learning_rate": 1e-5}, approx_kl=flat(1e4)))
