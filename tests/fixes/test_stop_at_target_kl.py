from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "stop-at-target-kl"


@pytest.mark.parametrize("settings", [{}, {"target_kl": 0.0}, {"target_kl": 0.5}])
def test_proposes_the_usual_target(settings: dict[str, float]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("target_kl", 0.03)


@pytest.mark.parametrize(
    ("clip", "target", "times"), [(0.1, 0.0075, "120"), (0.2, 0.03, "30"), (0.3, 0.05, "18"), (2.0, 0.05, "18")]
)
def test_the_target_follows_the_clip_range(clip: float, target: float, times: str) -> None:
    edit = check_proposes(FIX, learning({"clip_range": clip}, approx_kl=flat(0.9)))
    assert edit.value == target
    assert f"0.9, {times} times that target" in edit.why


def test_refused_when_the_target_is_that_low() -> None:
    assert "0.01 already" in check_refuses(FIX, run({"target_kl": 0.01}))
