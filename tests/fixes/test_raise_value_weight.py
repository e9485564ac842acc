from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "raise-value-weight"


def test_brings_weight_times_error_to_the_policys_gradient() -> None:
    edit = check_proposes(FIX, learning({"vf_coef": 0.001}, value_loss=flat(16.0)))
    assert (edit.name, edit.value) == ("vf_coef", 0.25)
    assert "0.004 -> 1" in edit.why


def test_proposes_the_common_weight_where_no_error_is_known() -> None:
    assert check_proposes(FIX, run({"vf_coef": 0.0})).value == 0.5


def test_refused_when_the_weight_is_large_enough() -> None:
    assert "0.5 already" in check_refuses(FIX, run({"vf_coef": 0.5}))
