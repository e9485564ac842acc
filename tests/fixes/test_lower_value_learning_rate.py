from __future__ import annotations

from tests.builders import check_refuses, run


def test_is_refused_for_a_critic_that_lags() -> None:
    assert "lag" in check_refuses("lower-value-learning-rate", run())
