from __future__ import annotations

import pytest

from tests.builders import check_only_tested, check_refuses, learning, run


def test_is_refused_for_a_critic_that_lags() -> None:
    assert "lag" in check_refuses("lower-value-learning-rate", run())


def test_a_replay_tests_a_third_of_the_rate() -> None:
    edit = check_only_tested("lower-value-learning-rate", learning({"learning_rate": 3e-3}))
    assert edit.name == "critic_learning_rate"
    assert edit.value == pytest.approx(1e-3)
