from __future__ import annotations

from rundoctor.model import Proposal
from tests.builders import check_proposes, learning, proposed, run


def test_needs_code_always() -> None:
    assert proposed("bound-value-gradient", run()) == Proposal()


def test_a_replay_tests_a_hundredth_of_the_returns() -> None:
    small, large = (check_proposes("bound-value-gradient", learning(reward_mean=[r] * 20)).value for r in (100, 1000))
    assert 9 < large / small < 11
