"""Fixes that switch a setting off: remove-dropout, drop-episode-standardization, restore-value-unit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import check_proposes, check_refuses, learning, proposed, run

SWITCHES: dict[str, tuple[dict[str, Any], Any]] = {
    "remove-dropout": ({"dropout": 0.2}, 0.0),
    "drop-episode-standardization": ({"normalize_rewards_per_episode": True}, False),
    "restore-value-unit": ({"normalize_returns_per_batch": True}, False),
}


@pytest.mark.parametrize("fix", SWITCHES)
def test_switches_it_off(fix: str) -> None:
    settings, off = SWITCHES[fix]
    edit = check_proposes(fix, learning(settings | {"normalize_returns": None}))
    assert (edit.name, edit.value) == (*settings, off)
    assert any(character.isdigit() for character in edit.why)


@pytest.mark.parametrize("fix", ["remove-dropout", "drop-episode-standardization"])
def test_refused_when_it_is_off(fix: str) -> None:
    settings, off = SWITCHES[fix]
    assert "off already" in check_refuses(fix, run(dict.fromkeys(settings, off)))


def test_raw_returns_are_normalised_in_the_place_of_standardised_ones() -> None:
    proposal = proposed(
        "restore-value-unit", learning({"normalize_returns_per_batch": True, "normalize_returns": False})
    )
    assert {edit.name: edit.value for edit in proposal.edits} == {
        "normalize_returns_per_batch": False,
        "normalize_returns": True,
    }
    assert all(any(character.isdigit() for character in edit.why) for edit in proposal.edits)


def test_the_unit_of_values_is_code_where_no_setting_has_it() -> None:
    proposal = proposed("restore-value-unit", run())
    assert (proposal.edits, proposal.refused) == ((), "")
