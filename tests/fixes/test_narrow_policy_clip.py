from __future__ import annotations

from tests.builders import check_proposes, check_refuses, run

FIX = "narrow-policy-clip"


def test_proposes_the_common_default() -> None:
    edit = check_proposes(FIX, run({"clip_range": 2.0}))
    assert (edit.name, edit.value) == ("clip_range", 0.2)
    assert "3 times" in edit.why


def test_refused_when_the_range_is_narrow_already() -> None:
    assert "0.2 already" in check_refuses(FIX, run({"clip_range": 0.2}))


def test_refused_when_the_range_is_unknown() -> None:
    check_refuses(FIX, run())
