from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, run

FIX = "normalize-returns"


@pytest.mark.parametrize("settings", [{"normalize_returns": False}, {}])
def test_switches_it_on(settings: dict[str, bool]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("normalize_returns", True)


def test_refused_when_the_switch_is_on_and_has_no_effect() -> None:
    assert "no effect" in check_refuses(FIX, run({"normalize_returns": True}))
