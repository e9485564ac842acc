from __future__ import annotations

from tests.builders import check_proposes, check_refuses, run

FIX = "widen-gradient-clip"


def test_proposes_the_common_clip() -> None:
    edit = check_proposes(FIX, run({"max_grad_norm": 1e-5}))
    assert (edit.name, edit.value) == ("max_grad_norm", 0.5)
    assert "0.011 x Adam's epsilon at 1e-05" in edit.why


def test_goes_further_in_a_wide_network() -> None:
    assert check_proposes(FIX, run({"max_grad_norm": 1e-5, "hidden_dim": 1024})).value == 1.4


def test_refused_when_the_clip_is_wide_or_off() -> None:
    assert "0.5 already" in check_refuses(FIX, run({"max_grad_norm": 0.5}))
    check_refuses(FIX, run({"max_grad_norm": 0.0}))
