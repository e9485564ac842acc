from __future__ import annotations

from tests.builders import check_proposes, check_refuses, learning

FIX = "widen-reward-clip"
RAW = {"normalize_returns": None}


def test_leaves_room_for_ten_times_an_ordinary_reward() -> None:
    edit = check_proposes(FIX, learning(RAW | {"reward_clip": 0.1}))
    assert (edit.name, edit.value) == ("reward_clip", 10.0)
    assert "10 times the bound" in edit.why


def test_works_in_the_unit_of_normalised_rewards() -> None:
    edit = check_proposes(FIX, learning({"reward_clip": 0.001}))
    assert 0.05 < edit.value < 0.5
    assert "once scaled" in edit.why


def test_refused_when_the_bound_is_wide() -> None:
    assert "100 already" in check_refuses(FIX, learning(RAW | {"reward_clip": 100.0}))
