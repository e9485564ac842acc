from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "widen-policy-clip"


def test_proposes_the_common_range_beside_what_the_narrow_one_allowed() -> None:
    edit = check_proposes(FIX, learning({"clip_range": 0.01}, approx_kl=flat(3e-4)))
    assert (edit.name, edit.value) == ("clip_range", 0.2)
    assert "0.01 allows a KL of about 5e-05 nat, 0.2 allows 0.02; that of the median update was 0.0003" in edit.why


def test_needs_no_kl() -> None:
    assert "0.2 allows 0.02" in check_proposes(FIX, run({"clip_range": 0.01})).why


def test_refused_when_the_range_is_wide() -> None:
    check_refuses(FIX, run({"clip_range": 0.3}))
