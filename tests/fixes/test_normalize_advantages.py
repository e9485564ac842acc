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


@pytest.mark.parametrize(("value_loss", "refused"), [(40_000.0, True), (4.0, False)])
def test_refused_beside_raw_returns_whose_gradient_takes_the_step(value_loss: float, refused: bool) -> None:
    raw = learning(
        {"normalize_advantage": False, "normalize_returns": False, "vf_coef": 0.5}, value_loss=flat(value_loss)
    )
    if refused:
        assert "scale the returns first" in check_refuses(FIX, raw)
    else:
        check_proposes(FIX, raw)


def test_not_refused_where_the_returns_are_scaled_already() -> None:
    scaled = {"normalize_advantage": False, "normalize_returns": True, "vf_coef": 0.5}
    check_proposes(FIX, learning(scaled, value_loss=flat(40_000.0)))


def test_not_refused_where_no_gradient_is_clipped() -> None:
    unclipped = {"normalize_advantage": False, "normalize_returns": False, "vf_coef": 0.5, "max_grad_norm": 0.0}
    check_proposes(FIX, learning(unclipped, value_loss=flat(40_000.0)))
