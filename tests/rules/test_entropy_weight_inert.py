from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, ramp

RULE = "entropy-weight-inert"


def test_tells_a_bonus_on_a_fixed_deviation() -> None:
    assert "0.5 throughout" in check_finds(RULE, learning(action_std=flat(0.5))).message


def test_silent_when_the_deviation_moves() -> None:
    check_clear(RULE, learning(action_std=ramp(0.5, 0.499)))


def test_silent_without_a_bonus() -> None:
    check_clear(RULE, learning({"ent_coef": 0.0}, action_std=flat(0.5)))


def test_skipped_for_discrete_actions() -> None:
    check_skipped(RULE, learning())
