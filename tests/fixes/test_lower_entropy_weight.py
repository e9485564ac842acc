from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, run

FIX = "lower-entropy-weight"


def test_proposes_the_upper_end_of_usual_weights() -> None:
    edit = check_proposes(FIX, run({"ent_coef": 0.5}))
    assert (edit.name, edit.value) == ("ent_coef", 0.01)
    assert "50 times" in edit.why


def test_refused_when_the_weight_in_force_is_that_low() -> None:
    assert "0.01 already" in check_refuses(FIX, run({"ent_coef": 0.5}, ent_coef=flat(0.01)))


def test_refused_when_the_weight_is_unknown() -> None:
    check_refuses(FIX, run())
