from __future__ import annotations

from tests.builders import check_refuses, run


def test_is_refused_always() -> None:
    assert "no gradient" in check_refuses("clamp-value-loss", run({"value_loss_clamp": 100.0}))
