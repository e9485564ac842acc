from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning

FIX = "raise-kl-target"


def test_goes_to_the_kl_of_the_runs_updates() -> None:
    edit = check_proposes(FIX, learning({"kl_target": 0.001}, approx_kl=flat(0.03)))
    assert (edit.name, edit.value) == ("kl_target", 0.03)
    assert "30 x the target 0.001" in edit.why


def test_goes_no_higher_than_usual() -> None:
    assert check_proposes(FIX, learning({"kl_target": 0.001}, approx_kl=flat(3.0))).value == 0.05


def test_refused_when_the_target_is_met() -> None:
    assert "0.01 already" in check_refuses(FIX, learning({"kl_target": 0.01}))


def test_refused_when_no_kl_is_logged() -> None:
    check_refuses(FIX, learning({"kl_target": 0.01}, approx_kl=None))
