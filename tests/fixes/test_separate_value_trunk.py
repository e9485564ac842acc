from __future__ import annotations

from tests.builders import check_proposes, check_refuses, run

FIX = "separate-value-trunk"


def test_separates_a_shared_trunk() -> None:
    edit = check_proposes(FIX, run({"shared_trunk": True}))
    assert (edit.name, edit.value) == ("shared_trunk", False)


def test_refused_when_trunks_are_separate() -> None:
    assert "separate already" in check_refuses(FIX, run({"shared_trunk": False}))
