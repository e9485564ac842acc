from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "normalize-returns"


@pytest.mark.parametrize("settings", [{"normalize_returns": False}, {}])
def test_switches_it_on(settings: dict[str, bool]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("normalize_returns", True)


def test_refused_when_the_switch_is_on_and_the_log_shows_that_it_has_no_effect() -> None:
    assert "no effect" in check_refuses(FIX, learning({"normalize_returns": True}, value_loss=flat(1e6)))


@pytest.mark.parametrize("sick", [run({"normalize_returns": True}), learning({"normalize_returns": True})])
def test_refused_when_it_is_on_and_nothing_speaks_against_it(sick) -> None:
    assert check_refuses(FIX, sick) == "normalize_returns is on already (config.yaml:1)"


def test_says_how_far_the_critic_has_to_go() -> None:
    why = check_proposes(FIX, learning({"normalize_returns": False}, value_loss=flat(1e6))).why
    assert "errs by 1,000 and moves by about 6.24 an update" in why


def test_says_what_it_does_where_the_critics_error_is_unknown() -> None:
    why = check_proposes(FIX, run({"normalize_returns": False})).why
    assert why == "scaled returns are of size 1 in any unit of reward"
