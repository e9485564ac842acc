from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, not_learning, ramp

RULE = "loss-explosion"


def test_finds_a_loss_that_grows_while_returns_do_not() -> None:
    found = check_finds(RULE, not_learning(value_loss=geometric(1.0, 1e4), explained_variance=flat(0.0)))
    assert found.evidence[0].observed > 100


def test_begins_where_the_loss_leaves_its_level() -> None:
    blown = np.concatenate([flat(1.0, 12), flat(50.0, 8)])
    assert check_finds(RULE, not_learning(value_loss=blown, explained_variance=None)).onset == 12


def test_reads_the_total_loss_where_no_value_loss_is_logged() -> None:
    total = not_learning(value_loss=None, explained_variance=None, loss=ramp(1.0, 100.0))
    assert "loss grows" in check_finds(RULE, total).message


def test_only_the_growth_that_returns_leave_is_counted() -> None:
    """H1: value loss grows with the squared returns, -339 > 9800 and 90 > 8966 on HalfCheetah."""
    grows = {"reward_mean": ramp(20, 400), "episode_length": flat(1000), "explained_variance": None}
    check_clear(RULE, learning(value_loss=ramp(1.0, 20.0) ** 2, **grows))


def test_silent_when_the_critic_explains_its_returns() -> None:
    check_clear(RULE, not_learning(value_loss=geometric(1.0, 1e4), explained_variance=flat(0.9)))


def test_silent_when_one_update_spikes() -> None:
    spiked = flat(1.0)
    spiked[-2] = 1e6
    check_clear(RULE, not_learning(value_loss=spiked, explained_variance=None))


@pytest.mark.parametrize("factor", [0.1, 3.9])
def test_silent_up_to_fourfold_growth(factor: float) -> None:
    steps = np.repeat([1.0, factor], 10)
    check_clear(RULE, not_learning(value_loss=steps, explained_variance=None))


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, learning(value_loss=None))
