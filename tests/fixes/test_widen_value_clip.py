from __future__ import annotations

from tests.builders import check_only_tested, check_proposes, check_refuses, flat, learning

FIX = "widen-value-clip"
RAW = {"clip_range_vf": 0.2, "normalize_returns": None}


def test_proposes_the_size_of_the_error() -> None:
    edit = check_proposes(FIX, learning(RAW | {"shared_trunk": False}, value_loss=flat(1.23e4)))
    assert (edit.name, edit.value) == ("clip_range_vf", 110.0)


def test_refused_with_raw_returns_on_a_shared_trunk() -> None:
    assert "shields a shared trunk" in check_refuses(FIX, learning(RAW, value_loss=flat(1e4)))


def test_a_replay_tests_it_on_a_shared_trunk_too() -> None:
    assert check_only_tested(FIX, learning(RAW, value_loss=flat(1.23e4))).value == 110.0


def test_refused_without_a_loss() -> None:
    assert "loss" in check_refuses(FIX, learning(RAW, value_loss=None))


def test_refused_when_there_is_no_clip_to_widen() -> None:
    settings = RAW | {"clip_range_vf": None, "shared_trunk": False}
    check_refuses(FIX, learning(settings, value_loss=flat(2e8)))
    off = RAW | {"value_clip": False, "shared_trunk": False}
    assert "the value clip is off" in check_refuses(FIX, learning(off, value_loss=flat(2e8)))


def test_refused_when_the_clip_is_relative() -> None:
    settings = RAW | {"value_clip_relative": True, "shared_trunk": False}
    assert "fraction" in check_refuses(FIX, learning(settings, value_loss=flat(1e4)))


def test_refused_when_the_clip_is_that_wide() -> None:
    settings = RAW | {"clip_range_vf": 500.0, "shared_trunk": False}
    assert "500 wide already" in check_refuses(FIX, learning(settings, value_loss=flat(1e4)))
