from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "raise-entropy-weight"


@pytest.mark.parametrize(("weight", "target"), [(-0.5, 0.0), (0.0, 0.01), (0.001, 0.01)])
def test_proposes_zero_from_below_and_a_hundredth_from_zero(weight: float, target: float) -> None:
    edit = check_proposes(FIX, run({"ent_coef": weight}))
    assert (edit.name, edit.value) == ("ent_coef", target)


def test_refused_when_the_weight_is_that_high() -> None:
    assert "0.05 already" in check_refuses(FIX, run({"ent_coef": 0.05}))


def test_refused_when_the_weight_is_unknown() -> None:
    check_refuses(FIX, run())


def test_goes_less_far_where_the_entropy_is_large() -> None:
    assert check_proposes(FIX, learning({"ent_coef": 0.0}, entropy=flat(8.0))).value == 0.0013
