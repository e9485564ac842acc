from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, run

FIX = "stop-at-target-kl"


@pytest.mark.parametrize("settings", [{}, {"target_kl": 0.0}, {"target_kl": 0.5}])
def test_proposes_the_usual_target(settings: dict[str, float]) -> None:
    edit = check_proposes(FIX, run(settings))
    assert (edit.name, edit.value) == ("target_kl", 0.03)


def test_refused_when_the_target_is_that_low() -> None:
    assert "0.01 already" in check_refuses(FIX, run({"target_kl": 0.01}))
