from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "lower-value-weight"


@pytest.mark.parametrize(("weight", "target"), [(50.0, 0.5), (0.6, 0.5), (0.5, 0.1), (0.25, 0.05)])
def test_proposes_the_default_or_a_fifth(weight: float, target: float) -> None:
    edit = check_proposes(FIX, run({"vf_coef": weight}))
    assert (edit.name, edit.value) == ("vf_coef", pytest.approx(target))


@pytest.mark.parametrize(("error", "target"), [(1.0, 0.5), (4.0, 0.25), (400.0, 0.1)])
def test_brings_weight_times_error_to_the_policys_gradient(error: float, target: float) -> None:
    edit = check_proposes(FIX, learning({"vf_coef": 50.0}, value_loss=flat(error**2)))
    assert edit.value == pytest.approx(target)
    assert f"is {50 * error:.3g}, beside a policy gradient of about 1" in edit.why


def test_refused_when_the_weight_is_zero() -> None:
    check_refuses(FIX, run({"vf_coef": 0.0}))


def test_refused_when_the_weight_is_unknown() -> None:
    check_refuses(FIX, run())
