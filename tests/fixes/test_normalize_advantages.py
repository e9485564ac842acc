from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, run

FIX = "normalize-advantages"


@pytest.mark.parametrize("settings", [{"normalize_advantage": False}, {}])
def test_switches_it_on(settings: dict[str, bool]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("normalize_advantage", True)


def test_refused_when_it_is_on() -> None:
    assert "on already (config.yaml:1)" in check_refuses(FIX, run({"normalize_advantage": True}))
