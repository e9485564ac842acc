from __future__ import annotations

from tests.builders import check_only_tested, check_proposes, check_refuses, flat, learning, run

FIX = "drop-value-clip"
RAW = {"clip_range_vf": 0.2, "normalize_returns": None}


def test_switches_the_clip_off_in_normalised_units() -> None:
    edit = check_proposes(FIX, learning({"clip_range_vf": 0.2}))
    assert (edit.name, edit.value) == ("value_clip", False)


def test_switches_the_clip_off_where_trunks_are_separate() -> None:
    check_proposes(FIX, learning(RAW | {"shared_trunk": False}, value_loss=flat(1e4)))


def test_refused_with_raw_returns_on_a_shared_trunk() -> None:
    assert "shields a shared trunk" in check_refuses(FIX, learning(RAW, value_loss=flat(1e4)))


def test_a_replay_tests_it_on_a_shared_trunk_too() -> None:
    assert check_only_tested(FIX, learning(RAW, value_loss=flat(1e4))).value is False


def test_refused_when_there_is_no_clip() -> None:
    assert "off" in check_refuses(FIX, learning(RAW | {"value_clip": False, "shared_trunk": False}))


def test_refused_when_the_unit_is_unknown() -> None:
    check_refuses(FIX, run(RAW))
