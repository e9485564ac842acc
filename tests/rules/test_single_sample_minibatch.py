from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning

RULE = "single-sample-minibatch"
ODD = {"rollout_steps": 2049}
BROKEN = np.concatenate([flat(0.1, 12), np.full(8, np.nan)])


def test_finds_a_remainder_of_one_with_a_loss_that_is_no_number() -> None:
    found = check_finds(RULE, learning(ODD, policy_loss=BROKEN))
    assert found.rank == 1
    assert "policy_loss is no number" in found.message


@pytest.mark.parametrize("changes", [ODD, {"batch_size": 1}, {"rollout_steps": 1}])
def test_a_remainder_that_did_no_harm_yet_is_a_hazard(changes: dict[str, int]) -> None:
    assert check_finds(RULE, learning(changes)).rank is None


@pytest.mark.parametrize("steps", [2048, 2050, 64])
def test_silent_at_other_remainders(steps: int) -> None:
    check_clear(RULE, learning({"rollout_steps": steps}))


def test_silent_when_advantages_are_not_standardised() -> None:
    check_clear(RULE, learning(ODD | {"normalize_advantage": False}))


def test_skipped_when_it_is_not_known_whether_they_are() -> None:
    check_skipped(RULE, learning(ODD | {"normalize_advantage": None}))
