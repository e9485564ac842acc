"""Fixes that only a person can make: they have no edit and no refusal, so the report says what to do."""

from __future__ import annotations

import pytest

from tests.builders import proposed, run

NAMES = [
    "stretch-learning-rate-schedule",
    "shape-rewards",
    "recompute-log-probabilities",
    "share-evaluation-statistics",
]


@pytest.mark.parametrize("fix", NAMES)
def test_it_needs_code(fix: str) -> None:
    proposal = proposed(fix, run())
    assert (proposal.edits, proposal.refused) == ((), "")
