from __future__ import annotations

from tests.builders import check_blames, check_clear, check_finds, check_skipped, learning, not_learning

RULE = "gae-lambda-too-low"


def test_finds_one_step_advantages_where_nothing_is_learned() -> None:
    found = check_blames(RULE, not_learning({"gae_lambda": 0.0}))
    assert found.evidence[0].observed == 0.0
    assert "about 1 steps" in found.message


def test_a_run_that_learns_with_them_has_a_hazard() -> None:
    assert check_finds(RULE, learning({"gae_lambda": 0.2})).rank is None


def test_silent_at_half() -> None:
    check_clear(RULE, not_learning({"gae_lambda": 0.5}))


def test_skipped_when_the_trace_is_unknown() -> None:
    check_skipped(RULE, learning({"gae_lambda": None}))
