from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "gradient-clip-too-tight"


def test_finds_a_clip_below_adams_epsilon() -> None:
    """1e-5 over sqrt(2 x 64 x 64) = 90.5 weights is 1.1e-7, a ninetieth of 1e-5."""
    found = check_finds(RULE, not_learning({"max_grad_norm": 1e-5}, approx_kl=flat(1e-6), clip_fraction=flat(0.0)))
    assert found.evidence[0].observed == pytest.approx(0.01105, rel=1e-3)
    assert found.rank == 1
    assert "1.1% of Adam's step" in found.message


def test_a_policy_that_moves_all_the_same_is_no_cause() -> None:
    """Adam's epsilon may be smaller than the usual one."""
    assert check_finds(RULE, not_learning({"max_grad_norm": 1e-5})).rank is None


def test_silent_at_clips_that_bind_on_every_update() -> None:
    """H10: the direction is kept, and Adam restores the size."""
    check_clear(RULE, learning({"max_grad_norm": 0.01}, grad_norm=flat(100.0)))


def test_silent_where_the_clip_is_off() -> None:
    check_clear(RULE, learning({"max_grad_norm": 0.0}))


def test_skipped_when_the_clip_is_unknown() -> None:
    check_skipped(RULE, learning())
