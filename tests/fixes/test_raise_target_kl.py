from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "raise-target-kl"


def test_goes_to_what_the_clip_range_allows() -> None:
    edit = check_proposes(FIX, learning({"target_kl": 1e-5}, approx_kl=flat(2e-5)))
    assert (edit.name, edit.value) == ("target_kl", 0.02)
    assert "2,000 times below" in edit.why
    assert "2e-05 nat" in edit.why


def test_stays_inside_the_usual_targets() -> None:
    assert check_proposes(FIX, run({"target_kl": 1e-5, "clip_range": 0.01})).value == 0.005


def test_refused_without_a_target_that_is_too_low() -> None:
    check_refuses(FIX, run({"target_kl": 0.0}))
    check_refuses(FIX, run({"target_kl": 0.03}))
