from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "normalize-advantages"


@pytest.mark.parametrize("settings", [{"normalize_advantage": False}, {}])
def test_switches_it_on(settings: dict[str, bool]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("normalize_advantage", True)


def test_says_how_large_the_policy_loss_is() -> None:
    assert "size of 45" in check_proposes(FIX, learning({"normalize_advantage": False}, policy_loss=flat(-45.0))).why


def test_refused_when_it_is_on() -> None:
    assert "on already (config.yaml:1)" in check_refuses(FIX, run({"normalize_advantage": True}))
