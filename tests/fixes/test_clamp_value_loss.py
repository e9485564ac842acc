from __future__ import annotations

import pytest

from tests.builders import check_only_tested, check_refuses, learning, run


def test_is_refused_always() -> None:
    assert "no gradient" in check_refuses("clamp-value-loss", run({"value_loss_clamp": 100.0}))
    assert "no gradient" in check_refuses("clamp-value-loss", learning())


def test_a_replay_tests_it_at_a_tenth_of_the_returns() -> None:
    small, large = (check_only_tested("clamp-value-loss", learning(reward_mean=[r] * 20)).value for r in (100, 1000))
    assert large == pytest.approx(100 * small, rel=0.1)
